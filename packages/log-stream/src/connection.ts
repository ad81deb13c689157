import { unlessAborted } from "@claude-k8s/kube-http";
import type { Follower } from "./follower.ts";
import { judgeRefusal, type Refusal } from "./answer.ts";
import { type LineSplitter, lineSplitter } from "./lines.ts";
import { quietReader, type QuietReader } from "./quiet-reader.ts";
import { type LogRecord, rawLimit, readRecord, type Stamps } from "./record.ts";
import { spooled, type SpooledBody, type SpoolReport } from "./spool.ts";

/** One answer that is being read. */
export interface Connection {
  readonly splitter: LineSplitter;
  /** Whether its lines carry timestamps. */
  stamps: Stamps;
  readonly read: QuietReader["read"];
  /** What was put aside while the consumer was blocked, and not yet told. */
  readonly spoolReport: () => SpoolReport | undefined;
  /** Frees the socket. Waits for nothing. */
  readonly close: () => void;
}

export type Opened =
  | { readonly kind: "open"; readonly connection: Connection }
  | { readonly kind: "refused"; readonly refusal: Refusal };

export type ConnectRequest = {
  readonly follow: boolean;
  readonly tailLines: number | undefined;
  readonly previous?: boolean;
};

/**
 * Opens the log once.
 * @throws LogStreamError for an answer that cannot be cured, or the signal's reason
 */
export async function connect(follower: Follower, request: ConnectRequest): Promise<Opened> {
  const { source, target, signal, clock, limits, progress } = follower;
  signal.throwIfAborted();
  const own = new AbortController();
  const onAbort = (): void => own.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const release = (): void => {
    signal.removeEventListener("abort", onAbort);
    own.abort(new Error("the reader has left"));
  };
  try {
    const { follow, tailLines, previous = false } = request;
    const opening = source.open(target, {
      follow,
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(previous ? { previous } : {}),
      signal: own.signal,
    });
    const answer = await unlessAborted(opening, own.signal);
    if (answer.kind !== "open") {
      release();
      return { kind: "refused", refusal: judgeRefusal(answer, target) };
    }
    const stamps = answer.timestamps === true ? "yes" : progress.stamps;
    const spool = follow ? spoolFor(answer.body, follower) : undefined;
    const reader = quietReader(spool ?? answer.body, own.signal, clock);
    const close = (): void => {
      release();
      reader.leave();
    };
    const splitter = lineSplitter(rawLimit(limits.maxLineBytes));
    const spoolReport = (): SpoolReport | undefined => spool?.report();
    return {
      kind: "open",
      connection: { splitter, stamps, read: reader.read, spoolReport, close },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Finite reads are short and can be made again: only a follow is worth a file. */
function spoolFor(
  body: AsyncIterable<Uint8Array>,
  { limits, clock, spoolFolder }: Follower,
): SpooledBody {
  const { spoolAfterMs: afterMs, spoolMaxBytes: maxBytes } = limits;
  const folder = spoolFolder === undefined ? {} : { folder: spoolFolder };
  return spooled(body, { afterMs, maxBytes, clock, ...folder });
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
    if (connection.stamps === "unknown")
      connection.stamps = record.time === undefined ? "no" : "yes";
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
