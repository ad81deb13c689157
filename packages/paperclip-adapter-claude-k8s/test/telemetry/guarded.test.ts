// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { KubeHttpError, type KubeRetry } from "@claude-k8s/kube-http";
import { metrics, trace, type Tracer } from "@opentelemetry/api";
import { afterEach, expect, test } from "vitest";
import { createServerAdapter } from "../../src/index.ts";
import { nothingSeen } from "../../src/run/observation.ts";
import { guarded } from "../../src/telemetry/guarded.ts";
import type { RunTelemetry, Telemetry } from "../../src/telemetry/telemetry.ts";
import { cluster } from "../support/cluster.ts";
import { fakeHost } from "../support/fake-host.ts";
import { memorySdk } from "../support/telemetry.ts";
import { healthyOutput } from "../support/transcript.ts";

const names = fakeHost().context;
const evidence = nothingSeen({ kind: "fault", stage: "guard", error: "no" });
const retry: KubeRetry = {
  method: "GET",
  path: "/version",
  attempt: 1,
  error: new KubeHttpError("KUBE_UNREACHABLE", "away"),
  waitMs: 1,
};

function broken(what: string): () => never {
  return () => {
    throw new Error(`${what} is broken`);
  };
}

const run: RunTelemetry = {
  namespace: () => {},
  logBreak: () => {},
  attempt: () => {},
  end: () => {},
};

function telemetry(parts: Partial<Telemetry & RunTelemetry>): Telemetry {
  return { begin: () => ({ ...run, ...parts }), apiRetry: () => {}, ...parts };
}

test.each(["begin", "namespace", "logBreak", "attempt", "end"] as const)(
  "what %s throws is caught, and is the run's problem",
  (part) => {
    const told = guarded([telemetry({ [part]: broken(part) })]).begin(names);
    told.namespace("runs");
    told.logBreak({ kind: "reconnect", at: 0 });
    told.attempt(evidence);
    told.end({ errorMessage: null }, (text) => text);
    expect(told.problem()).toBe(`this run's telemetry is not whole: ${part} is broken`);
  },
);

test("the first problem is told, and of a run that has none, none", () => {
  const both = guarded([telemetry({ attempt: broken("the first"), end: broken("the second") })]);
  const told = both.begin(names);
  told.attempt(evidence);
  told.end({}, (text) => text);
  expect(told.problem()).toContain("the first is broken");
  expect(both.begin(names).problem()).toBeUndefined();
});

test("what happens between runs is told by the next one, once", () => {
  const all = guarded([telemetry({ apiRetry: broken("the counter") })]);
  all.apiRetry(retry);
  expect(all.begin(names).problem()).toContain("the counter is broken");
  expect(all.begin(names).problem()).toBeUndefined();
});

test.each(["begin", "attempt", "end", "apiRetry"] as const)(
  "what one of them throws from %s keeps nothing from the others",
  (part) => {
    const told: string[] = [];
    const listening = telemetry({
      attempt: () => void told.push("attempt"),
      end: () => void told.push("end"),
      apiRetry: () => void told.push("apiRetry"),
    });
    const all = guarded([telemetry({ [part]: broken(part) }), listening]);
    all.apiRetry(retry);
    const one = all.begin(names);
    one.attempt(evidence);
    one.end({}, (text) => text);
    expect(told).toEqual(["apiRetry", "attempt", "end"]);
    expect(one.problem()).toContain(`${part} is broken`);
  },
);

afterEach(() => {
  trace.disable();
  metrics.disable();
});

const tracer: Tracer = {
  startSpan: broken("the exporter for token-of-the-run"),
  startActiveSpan: broken("the exporter"),
};
const refused = fakeHost({ config: { busyWaitSec: -1 } });

test("an SDK that throws fails no run, and the run says so", async () => {
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  metrics.setGlobalMeterProvider({ getMeter: broken("the meter") });
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(healthyOutput);
    return 0;
  });
  const host = fakeHost();
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const result = await adapter.execute(host.context);
  expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
  expect(host.output()).toBe(healthyOutput);
  expect(result.resultJson?.["warnings"]).toContain(
    "this run's telemetry is not whole: the meter is broken",
  );
});

test("an exporter that throws keeps no run from being counted, and its words are redacted", async () => {
  await using sdk = memorySdk();
  trace.disable();
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  const result = await createServerAdapter().execute(refused.context);
  expect(result.errorCode).toBe("configuration_incomplete");
  expect(result.resultJson?.["warnings"]).toContain(
    "this run's telemetry is not whole: the exporter for ***REDACTED*** is broken",
  );
  expect(await sdk.points("claude_k8s.runs")).toMatchObject([{ value: 1 }]);
  expect(await sdk.points("claude_k8s.runs.active")).toMatchObject([{ value: 0 }]);
});

test("a span that cannot be described is ended all the same", async () => {
  await using sdk = memorySdk();
  const provider = trace.getTracerProvider();
  trace.disable();
  trace.setGlobalTracerProvider({
    getTracer: (name) => {
      const real = provider.getTracer(name);
      return {
        startSpan: (...given) => {
          const span = real.startSpan(...given);
          span.setStatus = broken("the status");
          return span;
        },
        startActiveSpan: broken("an active span"),
      };
    },
  });
  const result = await createServerAdapter().execute(refused.context);
  expect(JSON.stringify(result.resultJson)).toContain("the status is broken");
  expect(sdk.spans().map(({ name }) => name)).toEqual(["claude_k8s.run"]);
});
