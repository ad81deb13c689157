import type { Clock } from "@claude-k8s/kube-http";
import { openSpoolFile, type SpoolFile } from "./spool-file.ts";

/** What was put aside since the last report. */
export type SpoolReport = {
  readonly bytes: number;
  /** Why no more can be put aside: from here on the connection is held back instead. */
  readonly problem?: string;
};

export interface SpooledBody extends AsyncIterable<Uint8Array> {
  /** `undefined` when nothing has happened since the last one. */
  report(): SpoolReport | undefined;
}

export type SpoolOptions = {
  /** A consumer that asks for nothing for so long is blocked. */
  readonly afterMs: number;
  /** Beyond it the connection is held back. */
  readonly maxBytes: number;
  readonly folder?: string;
  readonly clock: Clock;
};

/**
 * A body whose bytes go on being taken from the connection while its consumer is blocked, into a temporary file:
 * a kubelet whose reader stands still over two rotations jumps over the file between them. A consumer that is
 * merely slow is not helped by it and holds the connection back. To be iterated once.
 */
export function spooled(body: AsyncIterable<Uint8Array>, options: SpoolOptions): SpooledBody {
  const { afterMs, maxBytes, folder, clock } = options;
  const source = body[Symbol.asyncIterator]();
  let file: SpoolFile | undefined;
  /** Asked of the source, and neither handed over nor put aside yet. */
  let asked: Promise<IteratorResult<Uint8Array>> | undefined;
  /** While a piece is on its way into the file. */
  let writing: Promise<void> | undefined;
  let pumping = false;
  let wanted = false;
  let left = false;
  let handedAt = 0;
  let cancelTimer: (() => void) | undefined;
  let problem: string | undefined;
  let putAside = 0;
  let isReported = true;

  const ask = (): Promise<IteratorResult<Uint8Array>> => {
    if (asked === undefined) {
      asked = source.next();
      // A failure waits in the promise for the consumer, who may not be there yet.
      asked.catch(() => {});
    }
    return asked;
  };

  /** Takes from the source until the consumer wants to itself, the source ends, or no more fits. */
  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (problem === undefined) {
      const mine = ask();
      const result = await mine.catch(() => undefined);
      const isTaken = asked !== mine;
      if (isTaken || wanted || left || result === undefined || result.done === true) break;
      let fitted = false;
      writing = put(result.value).then((fits) => void (fitted = fits));
      await writing;
      writing = undefined;
      if (!fitted) break;
    }
    pumping = false;
  }

  /** Never rejects. False: it stays in `asked`, for the consumer. */
  async function put(bytes: Uint8Array): Promise<boolean> {
    try {
      file ??= await openSpoolFile(maxBytes, folder);
      if (!file.fits(bytes.length)) return false;
      await file.append(bytes);
      putAside += bytes.length;
      isReported = false;
      asked = undefined;
      return true;
    } catch (error) {
      problem = error instanceof Error ? error.message : String(error);
      isReported = false;
      return false;
    }
  }

  /** One timer, not one a chunk: it looks, when it fires, for how long nothing was asked for. */
  function lookAfter(ms: number): void {
    cancelTimer ??= clock.after(ms, () => {
      cancelTimer = undefined;
      if (wanted || left) return;
      const restMs = handedAt + afterMs - clock.now();
      if (restMs > 0) lookAfter(restMs);
      else void pump();
    });
  }

  async function next(): Promise<IteratorResult<Uint8Array>> {
    wanted = true;
    await writing;
    if (file !== undefined && file.unread() > 0) {
      const value = await file.take();
      wanted = false;
      // The consumer is still behind: what comes meanwhile has to queue up.
      void pump();
      return { done: false, value };
    }
    try {
      const result = await ask();
      if (result.done === true) await free();
      else lookAfter(afterMs);
      return result;
    } catch (error) {
      await free();
      throw error;
    } finally {
      asked = undefined;
      wanted = false;
      handedAt = clock.now();
    }
  }

  async function free(): Promise<void> {
    left = true;
    cancelTimer?.();
    await writing;
    const opened = file;
    file = undefined;
    await opened?.close();
  }

  async function leave(): Promise<IteratorResult<Uint8Array>> {
    const returned = source.return?.();
    await free();
    return (await returned) ?? { done: true, value: undefined };
  }

  return {
    [Symbol.asyncIterator]: () => ({ next, return: leave }),
    report() {
      if (isReported) return undefined;
      const report = problem === undefined ? { bytes: putAside } : { bytes: putAside, problem };
      isReported = true;
      putAside = 0;
      return report;
    },
  };
}
