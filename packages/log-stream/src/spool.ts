import type { Clock } from "@claude-k8s/kube-http";
import { openSpoolFile, type SpoolFile } from "./spool-file.ts";

/** What was put aside since the last report. */
export type SpoolReport = {
  readonly bytes: number;
  /** Why no more can be put aside. */
  readonly problem?: string;
};

export interface SpooledBody extends AsyncIterable<Uint8Array> {
  /** `undefined` when nothing has happened since the last one. */
  report(): SpoolReport | undefined;
}

export type SpoolOptions = {
  /** How far a consumer may fall behind the connection. */
  readonly afterMs: number;
  /** How much may be put aside; with 0 nothing is. */
  readonly maxBytes: number;
  /** Absent: the system's folder for temporary files. */
  readonly folder?: string;
  readonly clock: Clock;
};

/**
 * A body whose bytes go on being taken from the connection, into a temporary file, while its consumer is behind. A
 * kubelet that is held back over two rotations jumps over the file between them, and then sends lines twice (measured on
 * 1.35), all without a word. So a connection that had to be held back for longer than `afterMs` is broken off as if
 * it had been cut, once what is safe has been handed over.
 *
 * How far a consumer is behind is the time it took, less the time it waited for more. To be iterated once.
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
  /** The consumer's arrears up to `handedAt`, when it was handed something. */
  let behindMs = 0;
  let handedAt = 0;
  /** Since when the source is not read because no more can be put aside. */
  let heldSince: number | undefined;
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

  /** The kubelet may have jumped meanwhile: what the source has is not to be trusted. */
  const isSpoilt = (): boolean => heldSince !== undefined && clock.now() - heldSince >= afterMs;

  /** Takes from the source until the consumer wants to itself, the source ends, or no more fits. */
  async function pump(): Promise<void> {
    if (pumping) return;
    pumping = true;
    while (!isSpoilt()) {
      const mine = ask();
      const result = await mine.catch(() => undefined);
      const isTaken = asked !== mine;
      if (isTaken || wanted || left || result === undefined || result.done === true) break;
      let fitted = false;
      writing = put(result.value).then((fits) => void (fitted = fits));
      await writing;
      writing = undefined;
      if (fitted) heldSince = undefined;
      else heldSince ??= clock.now();
      if (!fitted) break;
    }
    pumping = false;
  }

  /** Never rejects. False: it stays in `asked`, for the consumer. */
  async function put(bytes: Uint8Array): Promise<boolean> {
    if (problem !== undefined || maxBytes === 0) return false;
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

  /** One timer, not one a piece: it looks, when it fires, how far behind the consumer is. */
  function lookAfter(ms: number): void {
    cancelTimer ??= clock.after(ms, () => {
      cancelTimer = undefined;
      if (wanted || left) return;
      const leftMs = afterMs - behindMs - (clock.now() - handedAt);
      if (leftMs > 0) lookAfter(leftMs);
      else void pump();
    });
  }

  async function next(): Promise<IteratorResult<Uint8Array>> {
    wanted = true;
    behindMs += clock.now() - handedAt;
    await writing;
    if (file !== undefined && file.unread() > 0) {
      const value = await file.take();
      wanted = false;
      // The consumer is still behind: what comes meanwhile has to queue up.
      void pump();
      return { done: false, value };
    }
    const askedAt = clock.now();
    try {
      if (isSpoilt())
        throw new Error(`the stream was held back for more than ${afterMs} ms by a slow reader`);
      const result = await ask();
      heldSince = undefined;
      if (result.done === true) await free();
      return result;
    } catch (error) {
      await free();
      throw error;
    } finally {
      asked = undefined;
      wanted = false;
      handedAt = clock.now();
      behindMs = Math.max(0, behindMs - (handedAt - askedAt));
      if (behindMs >= afterMs) void pump();
      else if (!left) lookAfter(afterMs - behindMs);
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
    [Symbol.asyncIterator]: () => {
      handedAt = clock.now();
      return { next, return: leave };
    },
    report() {
      if (isReported) return undefined;
      const report = problem === undefined ? { bytes: putAside } : { bytes: putAside, problem };
      isReported = true;
      putAside = 0;
      return report;
    },
  };
}
