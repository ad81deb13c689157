import type { StopReason } from "./stop-reason.ts";

/** A run, or what runs share, that a shutdown must reach. */
export interface RunningRun {
  readonly stop: AbortController;
  /** True while something should be written to the cluster before the process ends. */
  readonly unwritten: () => boolean;
  /** Ends when it has come to its end. */
  readonly settled: Promise<unknown>;
}

/** The longest a shutdown is held up for what is unwritten; the host itself waits about 5 s. */
const holdMs = 3_000;

/**
 * Listens for SIGTERM while there is something to leave in order, and tells it: runs detach, their Jobs go on and
 * the next run adopts them. A process whose work is done, and which ends by itself, is the same to it.
 */
export interface Shutdown {
  add(run: RunningRun): void;
  remove(run: RunningRun): void;
}

/**
 * A signal handler takes away the signal's default, which is to end the process, so
 * the signal is raised again, but only when nobody else listens: a host has a drain of its own, which a
 * second signal would cut short.
 */
export function createShutdown(): Shutdown {
  const runs = new Set<RunningRun>();
  let othersListened = false;

  const onSignal = (): void => {
    const alone = !othersListened && process.listenerCount("SIGTERM") === 1;
    const waiting = [...runs].filter((run) => run.unwritten()).map((run) => run.settled);
    for (const run of runs) run.stop.abort({ kind: "host-shutdown" } satisfies StopReason);
    stopListening();
    if (!alone) return;
    if (waiting.length === 0) raise();
    else void raiseAfter(waiting);
  };
  const onIdle = (): void => {
    for (const run of runs) run.stop.abort({ kind: "host-shutdown" } satisfies StopReason);
    stopListening();
  };
  const stopListening = (): void => {
    process.removeListener("SIGTERM", onSignal);
    process.removeListener("beforeExit", onIdle);
    runs.clear();
  };

  return {
    add(run) {
      if (runs.size === 0) {
        othersListened = process.listenerCount("SIGTERM") > 0;
        // First in line: a `once` listener that ran before ours could no longer be counted.
        process.prependListener("SIGTERM", onSignal);
        process.on("beforeExit", onIdle);
      }
      runs.add(run);
    },
    remove(run) {
      if (runs.delete(run) && runs.size === 0) stopListening();
    },
  };
}

const registry: unique symbol = Symbol.for("paperclip-adapter-claude-k8s.shutdown");

/**
 * The one of this process. Every adapter, and every copy of this module that a reload leaves beside the new
 * one, shares it: to each other they would be somebody else who listens.
 */
export function processShutdown(): Shutdown {
  const holder: typeof globalThis & { [registry]?: Shutdown } = globalThis;
  return (holder[registry] ??= createShutdown());
}

async function raiseAfter(waiting: readonly Promise<unknown>[]): Promise<void> {
  const limit = new Promise((resolve) => globalThis.setTimeout(resolve, holdMs).unref());
  await Promise.race([Promise.allSettled(waiting), limit]);
  raise();
}

function raise(): void {
  process.kill(process.pid, "SIGTERM");
}
