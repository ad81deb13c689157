import { LogStreamError } from "./errors.ts";
import { atTheStart, type Progress } from "./progress.ts";
import type { LogTarget } from "./types.ts";

/**
 * Where a follower stopped: plain JSON of less than 2 KiB, to be stored and handed to `followLog`
 * as `from`, in this process or another. Its members are no part of the promise.
 */
export type LogCursor = {
  readonly v: 1;
  /** The container it belongs to. */
  readonly pod: string;
  readonly uid?: string;
  readonly container: string;
  /** The runtime's id of the container, where it was known: a restart brings another one. */
  readonly containerId?: string;
  /** How many lines were delivered. */
  readonly lines: number;
  /** Position by time: nanoseconds, the time as printed, block length, hash before it, last hashes, tail size. */
  readonly at?: readonly [
    ns: string,
    time: string,
    n: number,
    prev: string,
    ring: string,
    span: number,
  ];
  /** Position in a log without timestamps: hash over all lines since its start, and how many. */
  readonly chain?: readonly [hash: string, lines: number];
  readonly ended?: true;
};

const hashLength = 16;

export function toCursor(target: LogTarget, progress: Progress): LogCursor {
  const { lines, at, chain, containerId, ended } = progress;
  return {
    v: 1,
    pod: target.pod,
    ...(target.uid === undefined ? {} : { uid: target.uid }),
    container: target.container,
    ...(containerId === undefined ? {} : { containerId }),
    lines,
    ...(at === undefined
      ? {}
      : { at: [String(at.ns), at.time, at.n, at.prev ?? "", at.ring.join(""), at.span] }),
    ...(chain === undefined ? {} : { chain: [chain.hash, chain.lines] }),
    ...(ended ? { ended: true } : {}),
  };
}

/** @throws LogStreamError `LOG_STREAM_CURSOR_INVALID` when the cursor is another container's */
export function toProgress(cursor: LogCursor, target: LogTarget): Progress {
  checkCursor(cursor);
  const other =
    cursor.pod !== target.pod ||
    cursor.container !== target.container ||
    (cursor.uid !== undefined && target.uid !== undefined && cursor.uid !== target.uid);
  if (other)
    throw invalid(
      `it belongs to container ${cursor.container} of pod ${named(cursor)}, not to ${target.container} of ${named(target)}`,
    );
  const { lines, at, chain, containerId, ended = false } = cursor;
  const start = { ...atTheStart, lines, containerId, ended };
  if (chain !== undefined) {
    const [hash, chained] = chain;
    return { ...start, stamps: "no", chain: { hash, lines: chained } };
  }
  if (at === undefined) return start;
  const [ns, time, n, prev, hashes, span] = at;
  const ring = hashes.match(/.{16}/g) ?? [];
  const position = {
    ns: BigInt(ns),
    time,
    n,
    prev: prev === "" ? undefined : prev,
    ring,
    span,
    lastSpan: span,
  };
  return { ...start, stamps: "yes", at: position };
}

/**
 * Reads a cursor that was stored with `JSON.stringify`.
 * @throws LogStreamError `LOG_STREAM_CURSOR_INVALID`, naming what is wrong
 */
export function parseCursor(text: string): LogCursor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw invalid(`it is not JSON: ${text.slice(0, 40)}`, cause);
  }
  checkCursor(parsed);
  return parsed;
}

function checkCursor(cursor: unknown): asserts cursor is LogCursor {
  if (typeof cursor !== "object" || cursor === null) throw invalid("it is no object");
  const fields = new Map<string, unknown>(Object.entries(cursor));
  if (fields.get("v") !== 1) throw invalid(`version ${String(fields.get("v"))} is unknown`);
  const hasText = (name: string): boolean => typeof fields.get(name) === "string";
  const optionalText = (name: string): boolean => fields.get(name) === undefined || hasText(name);
  const checks: [name: string, right: boolean][] = [
    ["pod", hasText("pod")],
    ["container", hasText("container")],
    ["uid", optionalText("uid")],
    ["containerId", optionalText("containerId")],
    ["lines", isCount(fields.get("lines"))],
    ["at", fields.get("at") === undefined || isPosition(fields.get("at"))],
    ["chain", fields.get("chain") === undefined || isChain(fields.get("chain"))],
  ];
  const wrong = checks.filter(([, right]) => !right).map(([name]) => name);
  if (wrong.length > 0) throw invalid(`damaged: ${wrong.join(", ")}`);
}

function isPosition(at: unknown): boolean {
  if (!Array.isArray(at) || at.length !== 6) return false;
  const [ns, time, n, prev, ring, span]: unknown[] = at;
  return (
    typeof ns === "string" &&
    /^-?\d{1,20}$/.test(ns) &&
    typeof time === "string" &&
    isCount(n) &&
    isHashes(prev) &&
    isHashes(ring) &&
    ring !== "" &&
    isCount(span)
  );
}

function isHashes(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]*$/.test(value) && value.length % hashLength === 0;
}

function isChain(chain: unknown): boolean {
  if (!Array.isArray(chain) || chain.length !== 2) return false;
  const [hash, lines]: unknown[] = chain;
  return isHashes(hash) && isCount(lines);
}

function isCount(value: unknown): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function named({ pod, uid }: { pod: string; uid?: string }): string {
  return uid === undefined ? pod : `${pod} (${uid})`;
}

function invalid(why: string, cause?: unknown): LogStreamError {
  const message = `the cursor cannot be used: ${why}`;
  return new LogStreamError("LOG_STREAM_CURSOR_INVALID", message, { cause });
}
