import { type Clock, unlessAborted } from "@claude-k8s/kube-http";
import type { Follower } from "./follower.ts";
import { judgeRefusal, type Refusal } from "./answer.ts";
import { type LineSplitter, lineSplitter } from "./lines.ts";
import { type LogRecord, rawLimit, readRecord, type Stamps } from "./record.ts";

type Read =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The body's own end. */
  | { readonly kind: "end" }
  | { readonly kind: "cut"; readonly cause: string }
  /** Nothing came for as long as was waited; the next `read` waits on. */
  | { readonly kind: "quiet" };

/** One answer that is being read. */
export interface Connection {
  readonly splitter: LineSplitter;
  /** Whether its lines carry timestamps. */
  stamps: Stamps;
  /** Throws the signal's reason on abort, whatever the body does. */
  readonly read: (quietMs: number) => Promise<Read>;
  /** Frees the socket. Waits for nothing. */
  readonly close: () => void;
}

export type Opened =
  | { readonly kind: "open"; readonly connection: Connection }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * Opens the log once.
 * @throws LogStreamError for an answer that cannot be cured, or the signal's reason
 */
export async function connect(
  { source, target, signal, clock, limits, progress }: Follower,
  request: { readonly follow: boolean; readonly tailLines: number | undefined },
): Promise<Opened> {
  signal.throwIfAborted();
  const own = new AbortController();
  const onAbort = (): void => own.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const release = (): void => {
    signal.removeEventListener("abort", onAbort);
    own.abort(new Error("the reader has left"));
  };
  try {
    const { follow, tailLines } = request;
    const opening = source.open(target, {
      follow,
      ...(tailLines === undefined ? {} : { tailLines }),
      signal: own.signal,
    });
    const answer = await unlessAborted(opening, own.signal);
    if (answer.kind !== "open") {
      release();
      return { kind: "refused", refusal: judgeRefusal(answer, target) };
    }
    const stamps = answer.timestamps === true ? "yes" : progress.stamps;
    const reader = bodyReader(answer.body, own.signal, clock);
    const splitter = lineSplitter(rawLimit(limits.maxLineBytes));
    const close = (): void => {
      release();
      reader.leave();
    };
    return { kind: "open", connection: { splitter, stamps, read: reader.read, close } };
  } catch (error) {
    release();
    throw error;
  }
}

function bodyReader(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  clock: Clock,
): { readonly read: (quietMs: number) => Promise<Read>; readonly leave: () => void } {
  const iterator = body[Symbol.asyncIterator]();
  /** Outlives a quiet `read`: a second `next()` would ask for the chunk after. */
  let pending: Promise<Read> | undefined;
  return {
    async read(quietMs) {
      signal.throwIfAborted();
      pending ??= iterator.next().then(
        ({ done, value }): Read =>
          done === true ? { kind: "end" } : { kind: "bytes", bytes: value },
        (error: unknown): Read => ({
          kind: "cut",
          cause: error instanceof Error ? error.message : String(error),
        }),
      );
      const read = await orQuiet(pending, quietMs, clock, signal);
      if (read.kind !== "quiet") pending = undefined;
      return read;
    },
    // Not awaited: `return()` queues behind a `next()` that may never settle.
    leave: () => void iterator.return?.().catch(() => {}),
  };
}

function orQuiet(
  pending: Promise<Read>,
  quietMs: number,
  clock: Clock,
  signal: AbortSignal,
): Promise<Read> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(quietMs, () => {
      signal.removeEventListener("abort", onAbort);
      resolve({ kind: "quiet" });
    });
    signal.addEventListener("abort", onAbort, { once: true });
    const settled = (): void => {
      cancel();
      signal.removeEventListener("abort", onAbort);
    };
    void pending.then(resolve).then(settled);
  });
}

/** The lines that `bytes` complete, as records; a line that the container did not write as text. */
export function readLines(
  connection: Connection,
  bytes: Uint8Array,
  maxLineBytes: number,
): (LogRecord | string)[] {
  return connection.splitter.push(bytes).map((line) => {
    const record = readRecord(line, connection.stamps, maxLineBytes);
    if (record === undefined) return line.bytes.toString("utf8");
    if (connection.stamps === "unknown") connection.stamps = record.ns === undefined ? "no" : "yes";
    return record;
  });
}

/** What came after the last newline. */
export function restOf(
  connection: Connection,
  maxLineBytes: number,
): LogRecord | string | undefined {
  const line = connection.splitter.rest();
  if (line === undefined) return undefined;
  return readRecord(line, connection.stamps, maxLineBytes) ?? line.bytes.toString("utf8");
}
