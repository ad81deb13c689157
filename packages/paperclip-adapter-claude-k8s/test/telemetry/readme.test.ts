import { readFileSync } from "node:fs";
import { KubeHttpError } from "@claude-k8s/kube-http";
import { type Meter, type MetricOptions, metrics } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { redaction } from "../../src/host/redaction.ts";
import type { RunEvidence } from "../../src/run/model.ts";
import { instrumentsOf } from "../../src/telemetry/instruments.ts";
import { processTelemetry } from "../../src/telemetry/process-telemetry.ts";
import type { Phase } from "../../src/telemetry/phases.ts";
import { evidence, exited } from "../support/evidence.ts";
import { fakeHost } from "../support/fake-host.ts";
import { memorySdk } from "../support/telemetry.ts";
import { healthy } from "../support/transcript.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const chapter = readme.slice(
  readme.indexOf("## Observability"),
  readme.indexOf("## The command claude-k8s"),
);

interface Told {
  readonly kind: string;
  readonly unit: string;
  readonly attributes: readonly string[];
}

/** The rows of the README's table of metrics, by name. */
function toldMetrics(): Record<string, Told> {
  const rows = chapter.matchAll(/^\| `(\S+)` +\| (\w+) +\| `(\S+)` +\|([^|]*)\| \S/gm);
  return Object.fromEntries(
    [...rows].map(([, name = "", kind = "", unit = "", attributes = ""]) => [
      name,
      { kind, unit, attributes: ticked(attributes) },
    ]),
  );
}

function ticked(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = ""]) => word).toSorted();
}

/** What a meter is asked for. */
function made(): Record<string, Omit<Told, "attributes"> & { readonly options: MetricOptions }> {
  const all: ReturnType<typeof made> = {};
  const noop = metrics.getMeter("none");
  const meter: Meter = new Proxy(noop, {
    get(target, member: string) {
      const kind = member.replace(/^create/, "");
      return (name: string, options: MetricOptions) => {
        all[name] = {
          kind: kind[0]?.toLowerCase() + kind.slice(1),
          unit: options.unit ?? "",
          options,
        };
        const create: unknown = Reflect.get(target, member);
        if (typeof create !== "function") throw new TypeError(`no instrument: ${member}`);
        return Reflect.apply(create, target, [name, options]) as unknown;
      };
    },
  });
  instrumentsOf(meter);
  return all;
}

test("the README's table of metrics has every one with its kind and unit, and no other", () => {
  const told = Object.entries(toldMetrics()).map(([name, { kind, unit }]) => [
    name,
    { kind, unit },
  ]);
  const wanted = Object.entries(made()).map(([name, { kind, unit }]) => [name, { kind, unit }]);
  expect(Object.fromEntries(told)).toEqual(Object.fromEntries(wanted));
});

test("every metric has a description, and every histogram bounds that grow", () => {
  for (const [name, { kind, options }] of Object.entries(made())) {
    expect([name, options.description]).toEqual([name, expect.stringMatching(/\w/)]);
    const bounds = options.advice?.explicitBucketBoundaries;
    if (kind !== "histogram") continue;
    expect([name, bounds?.length]).toEqual([name, expect.any(Number)]);
    expect([name, bounds]).toEqual([name, [...new Set(bounds)].toSorted((a, b) => a - b)]);
  }
});

/** A run of which there is everything to tell. */
function everything(): RunEvidence {
  const known = evidence(exited(1), healthy);
  const steps = ["admit", "build", "create", "follow", "stop", "explain", "clean_up"] as const;
  const phases = ["scheduling", "pulling", "starting", "running", "ending"] as const;
  return {
    ...known,
    history: {
      ...known.history,
      node: "node-1",
      steps: steps.map((name, index) => ({ name, from: index * 10, to: index * 10 + 10 })),
      stretches: phases.map((name, index) => ({ name, from: 30 + index, to: 31 + index })),
      breaks: [
        { kind: "reconnect", at: 35 },
        { kind: "gap", certainty: "possible", at: 36 },
      ],
    },
  };
}

const allPhases: Readonly<Record<Phase, true>> = {
  admit: true,
  build: true,
  create: true,
  schedule: true,
  pull: true,
  start: true,
  run: true,
  settle: true,
  stop: true,
  explain: true,
  clean_up: true,
};

test("what a run sends is what the README tells: metrics with their attributes, spans with theirs", async () => {
  await using sdk = memorySdk();
  const telemetry = processTelemetry();
  telemetry.apiRetry({
    method: "GET",
    path: "/version",
    attempt: 1,
    error: new KubeHttpError("KUBE_OVERLOADED", "slow down", { status: 429 }),
    waitMs: 1,
  });
  const redact = redaction(new Set());
  const stopped: RunEvidence = {
    ...everything(),
    end: { kind: "stopped", reason: { kind: "lease-lost" }, outcome: undefined, exit: undefined },
  };
  for (const seen of [everything(), stopped]) {
    const run = telemetry.begin(fakeHost().context);
    run.logBreak({ kind: "reconnect", at: 0 });
    run.logBreak({ kind: "gap", certainty: "possible", at: 0 });
    run.attempt(seen);
    run.end({ errorCode: "claude_failed", errorMessage: "no" }, redact);
    expect(run.problem()).toBeUndefined();
  }

  const sent = (await sdk.points()).map(({ name, unit, attributes }) => [
    name,
    { unit, attributes: Object.keys(attributes).toSorted() },
  ]);
  const told = Object.entries(toldMetrics()).map(([name, { unit, attributes }]) => [
    name,
    { unit, attributes },
  ]);
  expect(Object.fromEntries(sent)).toEqual(Object.fromEntries(told));

  const spans = sdk.spans();
  const runs = spans.filter(({ name }) => name === "claude_k8s.run");
  const attributes = new Set(runs.flatMap((run) => Object.keys(run.attributes)));
  const table = chapter.slice(chapter.indexOf("| attribute "));
  const toldAttributes = [...table.matchAll(/^\|([^|]*`[^|]*)\|/gm)].flatMap(([, cell = ""]) =>
    ticked(cell),
  );
  expect([...attributes].toSorted()).toEqual(toldAttributes.toSorted());

  const phases = spans.filter((span) => !runs.includes(span));
  const prefix = "claude_k8s.phase.";
  expect(new Set(phases.map(({ name }) => name))).toEqual(
    new Set(Object.keys(allPhases).map((phase) => `${prefix}${phase}`)),
  );
  const traces = chapter.slice(chapter.indexOf("**Traces**"), chapter.indexOf("| attribute "));
  for (const name of Object.keys(allPhases)) expect(ticked(traces)).toContain(name);
  for (const { events } of runs) {
    expect(events.map(({ name }) => name)).toEqual([
      "claude_k8s.log.reconnect",
      "claude_k8s.log.gap",
    ]);
    for (const { name } of events) expect(ticked(traces)).toContain(name);
  }
});
