import type { WatchedRun } from "./watched-run.ts";
import type { JobEvent } from "./types.ts";

/**
 * A run's events as an async iterable. `release` is called once, however it ends: by its `end`, by
 * the consumer leaving, or by the signal, also when nobody ever iterates.
 */
export function runEvents(
  run: WatchedRun,
  signal: AbortSignal,
  release: () => void,
): AsyncIterable<JobEvent> {
  let released = false;
  const done = (): void => {
    if (released) return;
    released = true;
    signal.removeEventListener("abort", done);
    run.stop();
    release();
  };
  signal.addEventListener("abort", done, { once: true });
  if (signal.aborted) done();
  return iterate(run, signal, done);
}

async function* iterate(
  run: WatchedRun,
  signal: AbortSignal,
  done: () => void,
): AsyncGenerator<JobEvent, void, undefined> {
  try {
    for (;;) {
      signal.throwIfAborted();
      const event = run.take();
      if (event === undefined) {
        await run.wait();
        continue;
      }
      if (event.type === "end") done();
      yield event;
      if (event.type === "end") return;
    }
  } finally {
    done();
  }
}
