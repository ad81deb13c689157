// How soon, and with what evidence, a watch tells how a Job stands and ends.
import { randomBytes } from "node:crypto";
import { kubeHttp } from "@claude-k8s/kube-http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubeConfigOf } from "../../src/cluster/kubeconfig.ts";
import { handOver } from "../../src/e2e/hand-over.ts";
import { contains } from "../../src/states/contains.ts";
import { type ClusterFault, clusterFault } from "../../src/cluster/cluster-fault.ts";
import { anyNode, makeWorld } from "../../src/states/state-world.ts";
import { runs, type State, type StateWorld } from "../../src/states/state.ts";
import { states } from "../../src/states/states.ts";
import { type WatchedState, watchState } from "../../src/states/watch-state.ts";

const given = handOver();
const isLong = process.env["CLAUDE_K8S_E2E_LONG"] === "1";
/** Once shows that it is right; five times, how long it takes. */
const rounds = isLong ? 5 : 1;

const fault = clusterFault();
/** The API server is away while a program runs and ends. */
const serverAway: State = {
  name: "server-away",
  script: "sleep 8; exit 6",
  recordMs: 60_000,
  act: { when: runs, does: async () => {} },
  end: { kind: "exited", sure: true, exit: { code: 6 } },
  needs: "apiserver-down",
};
const faulty = [serverAway, ...states.filter(({ needs }) => needs === "kubelet-down")];

interface Row {
  readonly state: string;
  readonly seen: WatchedState;
}

const rows: Row[] = [];
const http = kubeHttp(kubeConfigOf(given?.kubeConfig ?? "{}"));
const aborting = new AbortController();
let nodeName = "";

beforeAll(async () => {
  nodeName = await anyNode(http, aborting.signal);
});

afterAll(() => {
  aborting.abort();
  http.close();
  printTable(rows);
});

async function bringTo(state: State, does = fault): Promise<WatchedState> {
  const mark = given?.mark ?? "";
  const namespace = `${mark}-${state.name}-${randomBytes(2).toString("hex")}`;
  const place = { http, namespace, image: given?.image ?? "", nodeName, registryPort: 1 };
  const world: StateWorld = await makeWorld(state, { ...place, signal: aborting.signal, mark });
  const seen = await watchState(state, world, does === undefined ? {} : { fault: does });
  rows.push({ state: state.name, seen });
  return seen;
}

/** What the state's end lacks of what it must have; empty when it is as it must be. */
async function shortcomings(state: State, does = fault): Promise<readonly string[]> {
  const { end } = await bringTo(state, does);
  if (state.end === undefined) return end === undefined ? [] : [JSON.stringify(end)];
  const facts = end?.evidence.map(({ fact }) => fact).join("\n") ?? "";
  const isProved = (state.evidence ?? /./).test(facts);
  return contains(end, state.end) && isProved ? [] : [JSON.stringify(end)];
}

describe.concurrent("watch: the reason, its evidence, and the time from fact to event", () => {
  const able = states.filter(({ needs }) => needs === undefined);
  const all = Array.from({ length: rounds }, (_, round) =>
    able.map((state) => [`${state.name}, round ${round + 1}`, state] as const),
  ).flat();
  test.each(all)("watch: %s", async (_name, state) => {
    expect(await shortcomings(state)).toEqual([]);
  });
});

describe("watch: what the node and the API server do to it", () => {
  const reason = fault === undefined ? "needs $CLUSTER_FAULT" : isLong ? undefined : "needs --long";
  const why = reason === undefined ? "" : ` (${reason})`;
  test.skipIf(reason !== undefined).each(faulty.map((state) => [state.name, state] as const))(
    `watch: %s${why}`,
    { timeout: 400_000 },
    async (_name, state) => {
      const does = fault && together(rounds, fault);
      const all = Array.from({ length: rounds }, () => shortcomings(state, does));
      expect((await Promise.all(all)).flat()).toEqual([]);
    },
  );
});

/** One fault for so many runs, once all of them are there to suffer it. */
function together(runs: number, does: ClusterFault): ClusterFault {
  const over = Promise.withResolvers<void>();
  let here = 0;
  return (name, seconds) => {
    if (++here === runs) void does(name, seconds).then(over.resolve, over.reject);
    return over.promise;
  };
}

/** A line a state: what it ended with, on what evidence, and the median of fact to event. */
function printTable(all: readonly Row[]): void {
  const names = [...new Set(all.map(({ state }) => state))].toSorted();
  for (const name of names) {
    const mine = all.filter(({ state }) => state === name).map(({ seen }) => seen);
    const lags = mine.flatMap(({ lagMs }) => lagMs ?? []).toSorted((a, b) => a - b);
    const median = lags[Math.floor(lags.length / 2)];
    const end = mine.at(-1)?.end;
    const why = end !== undefined && "why" in end ? ` ${end.why}` : "";
    const told = end === undefined ? "goes on" : `${end.kind}${why}`;
    const facts = end?.evidence.map(({ fact }) => fact).join("; ") ?? "";
    const time = median === undefined ? "-" : `${median.toFixed(0)} ms`;
    console.log(
      `${name.padEnd(24)} ${told.padEnd(28)} ${time.padStart(8)}  ${facts.slice(0, 150)}`,
    );
  }
}
