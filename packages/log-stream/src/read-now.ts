import type { Refusal } from "./answer.ts";
import { connect, type ConnectRequest, readLines, restOf } from "./connection.ts";
import { deliver, gapOf } from "./deliver.ts";
import type { Follower } from "./follower.ts";
import { type Locator, locatorFor } from "./locate.ts";
import { hashOf, type LogRecord } from "./record.ts";
import type { LogEvent } from "./types.ts";

export type CaughtUp =
  | {
      readonly kind: "read";
      /** How many lines were new. */
      readonly news: number;
      /** What came after the last newline; not delivered. */
      readonly rest: LogRecord | undefined;
      /** The read showed less than was delivered before. */
      readonly tooShort: boolean;
    }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** The read does not show the last delivered line, or what it shows may be another like it. */
export type Missed = {
  readonly kind: "missed";
  /** It begins after that line: it is another file. Else it may be the same one, and have ended too early. */
  readonly isLater: boolean;
  /** A line like it is there, and nothing proves that it is it. */
  readonly isUnsure: boolean;
  /** Tells two reads that brought the same from two that did not. */
  readonly content: string;
};

/** A finite read that says nothing for so long is given up; it will be made again. */
const silentReadMs = 20_000;
/** What is held back for a newer match before the first one is taken. */
const maxHeldBytes = 8 * 1024 * 1024;

type ReadRequest = Omit<ConnectRequest, "follow"> & {
  /** Takes a line like the last delivered one for it, and reports a gap. Default false. */
  readonly acceptsUnsure?: boolean;
};

/**
 * One finite read; delivers what it has after the last delivered line. Nothing is filtered by time: `sinceTime` is cut to seconds and brings fragments that look like lines.
 */
export async function* readNow(
  follower: Follower,
  { acceptsUnsure = false, ...request }: ReadRequest,
): AsyncGenerator<LogEvent, CaughtUp | Missed, undefined> {
  const opened = await connect(follower, { ...request, follow: false });
  if (opened.kind === "refused") return opened;
  const { connection } = opened;
  const found = foundAfter(locatorFor(follower.progress, request.tailLines === undefined));
  const before = follower.progress.lines;
  let complaint: string | undefined;
  try {
    for (;;) {
      const read = await connection.read(silentReadMs);
      if (read.kind === "quiet") return unreachable(`no byte for ${silentReadMs} ms`);
      if (read.kind === "cut") return unreachable(read.cause);
      if (read.kind === "end") break;
      const entries = readLines(connection, read.bytes, follower.limits.maxLineBytes);
      complaint = yield* sort(entries, complaint, found);
      noteJump(follower, found.firstHash());
      if (found.heldBytes() > maxHeldBytes && found.isSure())
        yield* deliver(follower, found.take());
    }
    const rest = restOf(connection, follower.limits.maxLineBytes);
    if (typeof rest === "string") {
      yield { type: "server-message", text: rest };
      complaint = rest;
    }
    if (found.missed()) {
      if (found.tooShort()) return { kind: "read", news: 0, rest: undefined, tooShort: true };
      const from = found.from();
      const isLater = from !== undefined && from > (follower.progress.at?.ns ?? from);
      const content = `${found.content()} ${typeof rest === "object" ? hashOf(rest) : ""}`;
      if (complaint === undefined) return { kind: "missed", isLater, isUnsure: false, content };
    } else if (!found.isSure()) {
      const content = `like line ${found.matchedAt()}`;
      if (!acceptsUnsure) return { kind: "missed", isLater: false, isUnsure: true, content };
      follower.gap ??= gapOf(follower.progress);
    }
    yield* deliver(follower, found.take());
    if (complaint !== undefined) return unreadable(complaint);
    const news = follower.progress.lines - before;
    return {
      kind: "read",
      news,
      rest: typeof rest === "string" ? undefined : rest,
      tooShort: false,
    };
  } finally {
    connection.close();
  }
}

/**
 * A stream that went back in time to the first line of the file had begun the file again: so before that it had jumped
 * to its start, nobody knows from where.
 */
function noteJump(follower: Follower, first: string | undefined): void {
  if (first === undefined || follower.resent === undefined) return;
  if (first === follower.resent) follower.gap ??= { certainty: "possible", after: undefined };
  follower.resent = undefined;
}

/** Hands lines to `found`, says what the server said; returns that if it is the last thing so far. */
function* sort(
  entries: readonly (LogRecord | string)[],
  complaint: string | undefined,
  found: Found,
): Generator<LogEvent, string | undefined, undefined> {
  let last = complaint;
  for (const entry of entries) {
    if (typeof entry === "string") yield { type: "server-message", text: entry };
    else found.see(entry);
    last = typeof entry === "string" ? entry : undefined;
  }
  return last;
}

interface Found {
  see(record: LogRecord): void;
  missed(): boolean;
  /** Whether the match is proved. */
  isSure(): boolean;
  /** Which line of the read it is. */
  matchedAt(): number;
  /** Time of the first line of the read. */
  from(): bigint | undefined;
  firstHash(): string | undefined;
  /** How many lines were seen, and which was the last. */
  content(): string;
  tooShort(): boolean;
  heldBytes(): number;
  /** Hands over what is held; the match so far is now final. */
  take(): LogRecord[];
}

/** Holds what comes after the newest match, or everything when there is nothing to match. */
function foundAfter(locator: Locator | undefined): Found {
  let final = locator === undefined;
  let matched = final;
  let held: LogRecord[] = [];
  let bytes = 0;
  let first: LogRecord | undefined;
  let last: LogRecord | undefined;
  let count = 0;
  let matchedAt = 0;
  let sure = true;
  return {
    see(record) {
      first ??= record;
      last = record;
      count++;
      const match = final ? "none" : (locator?.see(record) ?? "none");
      if (match !== "none") {
        matched = true;
        sure = match === "sure";
        matchedAt = count;
        held = [];
        bytes = 0;
      } else if (matched) {
        held.push(record);
        bytes += record.content.length + 100;
      }
    },
    missed: () => !matched,
    isSure: () => sure,
    matchedAt: () => matchedAt,
    from: () => first?.ns,
    firstHash: () => first && hashOf(first),
    content: () => `${count} ${last === undefined ? "" : hashOf(last)}`,
    tooShort: () => locator?.tooShort() ?? false,
    heldBytes: () => bytes,
    take: () => {
      const taken = held;
      final ||= taken.length > 0;
      held = [];
      bytes = 0;
      return taken;
    },
  };
}

function unreachable(cause: string): CaughtUp {
  return { kind: "refused", refusal: { kind: "unreachable", cause } };
}

function unreadable(cause: string): CaughtUp {
  return { kind: "refused", refusal: { kind: "unreadable", cause } };
}
