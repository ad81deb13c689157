import { createJobHub, createJobPoller, type JobEvent, kubeJobReader } from "../../src/index.ts";
import type { Recording } from "./recordings.ts";
import { type Chance, calm, simulatedCluster } from "./simulated-cluster.ts";
import { virtualClock } from "./virtual-clock.ts";

export interface Watched {
  readonly events: readonly JobEvent[];
  /** Virtual milliseconds at which the last event came. */
  readonly atMs: number;
  readonly requests: number;
  readonly watches: number;
  readonly error: unknown;
}

export interface WatchedHow {
  readonly by?: "hub" | "poller";
  readonly chance?: Chance;
  readonly random?: () => number;
  /** When the watch begins, in virtual milliseconds. Default 0: with the Job. */
  readonly beginsAtMs?: number;
  /** For how long it goes on without an end. Default 30 virtual minutes. */
  readonly forMs?: number;
}

/** Watches a recorded Job, in virtual time. */
export async function watchRecording(recording: Recording, how: WatchedHow = {}): Promise<Watched> {
  const { by = "hub", chance = calm, random = () => 0.5, beginsAtMs = 0 } = how;
  const { forMs = 30 * 60_000 } = how;
  const clock = virtualClock();
  const { http, requests } = simulatedCluster(recording, clock, chance);
  const policy = recording.policy ?? {};
  const watcher =
    by === "hub"
      ? createJobHub({ http, namespace: "state", labelSelector: "a=b", policy, clock, random })
      : createJobPoller({ reader: kubeJobReader(http), policy, clock });
  const events: JobEvent[] = [];
  const state: { isOver: boolean; error: unknown; atMs: number } = {
    isOver: false,
    error: undefined,
    atMs: 0,
  };
  const aborting = new AbortController();
  clock.after(beginsAtMs, () => undefined);
  await clock.pass(beginsAtMs, () => false);
  const watching = async (): Promise<void> => {
    const job = { namespace: "state", name: "run", uid: recording.uid };
    const options = { container: "main", signal: aborting.signal };
    try {
      for await (const event of watcher.watch(job, options)) {
        events.push(event);
        state.atMs = clock.now();
      }
    } catch (error) {
      if (!aborting.signal.aborted) state.error = error;
    }
    state.isOver = true;
  };
  const done = watching();
  await clock.pass(beginsAtMs + forMs, () => state.isOver);
  aborting.abort(new Error("watched for long enough"));
  await done;
  await watcher.close();
  return {
    events,
    atMs: state.atMs,
    requests: requests.length,
    watches: requests.filter(({ isWatch }) => isWatch).length,
    error: state.error,
  };
}
