import type { JobEvent, JobWatcher } from "@claude-k8s/job-watch";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { hostSink } from "../src/host/sink.ts";
import type { Cluster } from "../src/run/cluster.ts";
import type { JobHold } from "../src/run/job-hold.ts";
import type { JobHandle, RunEnd } from "../src/run/model.ts";
import { nobody } from "../src/run/onlooker.ts";
import { newObservation } from "../src/run/observation.ts";
import { settle } from "../src/run/settle.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { fakeHost } from "./support/fake-host.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const at = 0;
const queued: JobEvent = { type: "phase", phase: "queued", at };
const blind: JobEvent = { type: "blind", cause: "no answer", sinceMs: 0 };
const found: JobEvent[] = [
  { type: "pod", pod: { name: "p" } },
  { type: "phase", phase: "running", at },
  {
    type: "end",
    end: { kind: "exited", exit: { container: "claude", code: 0 }, evidence: [], sure: true },
  },
];

/** Follows a Job whose watch tells `first` at once and the rest ten seconds later. */
async function settled(reattached: boolean, first: JobEvent[]): Promise<RunEnd["kind"]> {
  const watcher: JobWatcher = {
    async *watch() {
      yield* first;
      await new Promise((resolve) => setTimeout(resolve, 10_000));
      yield* found;
    },
    state: () => undefined,
    containerState: () => async () => ({ kind: "gone" }),
    close: async () => {},
  };
  const logs = { open: async () => ({ kind: "not-found" as const }) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- following asks for nothing else
  const cluster = { watcher: () => watcher, logs } as unknown as Cluster;
  const job: JobHandle = { name: "j", namespace: "n", uid: "u", reattached };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nor for anything to be written
  const hold = {} as JobHold;
  const run = {
    job,
    hold,
    cluster,
    sink: hostSink(fakeHost().context),
    settings: parseSettings({}).settings,
    seen: newObservation(),
  };
  const signal = new AbortController().signal;
  const end = settle(run, {
    onlooker: nobody,
    signal,
  });
  await vi.advanceTimersByTimeAsync(20_000);
  return (await end).kind;
}

test.each<[what: string, reattached: boolean, first: JobEvent[], end: RunEnd["kind"]]>([
  ["was left behind and is seen without a pod", true, [queued], "no-pod"],
  ["was left behind while the cluster says nothing", true, [], "ended"],
  ["was left behind while the cluster does not answer", true, [blind], "ended"],
  ["was left behind, of which nothing is known any more", true, [queued, blind], "ended"],
  ["is new and waits for its pod", false, [queued], "ended"],
])("a Job that %s", async (_what, reattached, first, end) => {
  expect(await settled(reattached, first)).toBe(end);
});
