/** A kubelet's line prefix: RFC 3339 with up to nine digits, in the node's zone, then one space. */
const prefix =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))(?: |$)/;

/** Longest: `2026-01-01T00:00:00.123456789+02:00 `. */
export const longestPrefix = 36;

export type Timestamp = {
  /** Nanoseconds since the epoch: a Date would lose six digits, and text does not compare over zones. */
  readonly ns: bigint;
  readonly time: string;
  /** Where the content begins. */
  readonly end: number;
};

/** Reads the timestamp that a line begins with; `undefined` when it begins with none. */
export function readTimestamp(line: Buffer): Timestamp | undefined {
  const match = prefix.exec(line.toString("latin1", 0, longestPrefix));
  if (match === null) return undefined;
  const [all, year, month, day, hour, minute, second, fraction = "", sign, zh, zm] = match;
  const local = Date.UTC(+year!, +month! - 1, +day!, +hour!, +minute!, +second!);
  const offsetMinutes =
    sign === undefined ? 0 : Number(`${sign}1`) * (Number(zh) * 60 + Number(zm));
  const ns =
    BigInt(local / 1_000 - offsetMinutes * 60) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
  return { ns, time: all.trimEnd(), end: all.length };
}
