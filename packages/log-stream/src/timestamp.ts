/** A kubelet's line prefix: RFC 3339 with up to nine digits, in the node's zone, then one space. */
const prefix =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))(?: |$)/;

/** Longest: `2026-01-01T00:00:00.123456789+02:00 `. */
export const longestPrefix = 36;

export type Timestamp = {
  readonly time: string;
  /** Where the content begins. */
  readonly end: number;
};

/** What a kubelet in UTC prints, `d` for a digit: nearly every line of nearly every log. */
const usual = Buffer.from("dddd-dd-ddTdd:dd:dd.dddddddddZ ");
const anyDigit = "d".charCodeAt(0);

/** Reads the timestamp that a line begins with; `undefined` when it begins with none. */
export function readTimestamp(line: Buffer): Timestamp | undefined {
  if (isUsual(line))
    return { time: line.toString("latin1", 0, usual.length - 1), end: usual.length };
  const match = prefix.exec(line.toString("latin1", 0, longestPrefix));
  return match === null ? undefined : { time: match[0].trimEnd(), end: match[0].length };
}

function isUsual(line: Buffer): boolean {
  for (let i = 0; i < usual.length; i++) {
    const byte = line[i]!;
    if (usual[i] === anyDigit ? !(byte >= 48 && byte <= 57) : byte !== usual[i]) return false;
  }
  return true;
}

/**
 * Nanoseconds since the epoch of a time that `readTimestamp` has read: a Date would lose six digits, and text does not
 * compare over zones.
 */
export function nanoseconds(time: string): bigint {
  const match = prefix.exec(time);
  if (match === null) throw new Error(`not a time: ${time}`);
  const [, year, month, day, hour, minute, second, fraction = "", sign, zh, zm] = match;
  const local = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!);
  const offsetMinutes =
    sign === undefined ? 0 : Number(`${sign}1`) * (Number(zh) * 60 + Number(zm));
  return (
    BigInt(local / 1_000 - offsetMinutes * 60) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"))
  );
}

/** The times of stdout and stderr are taken before their lines are put in order, so they may be a little out of it. */
const disorderNs = 100_000_000n;

/** Whether a line of the time `next` cannot have been written after one of the time `last`. */
export function goesBack(last: string, next: string | undefined): boolean {
  if (next === undefined) return false;
  // Nearly always of one form, so that text tells.
  const isOneForm = last.length === usual.length - 1 && next.length === last.length;
  if (isOneForm && last.endsWith("Z") && next.endsWith("Z") && next >= last) return false;
  return nanoseconds(last) - nanoseconds(next) > disorderNs;
}
