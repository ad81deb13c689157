import type { StopReason } from "./stop-reason.ts";

/** A run that a shutdown must reach. */
export interface RunningRun {
  readonly stop: AbortController;
  /** True while something should be written to the cluster before the process ends. */
  readonly unwritten: () => boolean;
  /** Ends when the run's result is out. */
  readonly settled: Promise<unknown>;
}

/** The longest a shutdown is held up for what is unwritten; the host itself waits about 5 s. */
const holdMs = 3_000;

/** Listens for SIGTERM while runs are going on, and detaches them: their Jobs go on, the next run adopts. */
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
  const stopListening = (): void => {
    process.removeListener("SIGTERM", onSignal);
    runs.clear();
  };

  return {
    add(run) {
      if (runs.size === 0) {
        othersListened = process.listenerCount("SIGTERM") > 0;
        // First in line: a `once` listener that ran before ours could no longer be counted.
        process.prependListener("SIGTERM", onSignal);
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
