/** Why a line is no event. */
export type NoiseReason =
  /** Nothing, or only white space. */
  | "blank"
  /** Plain text, or broken JSON. */
  | "not_json"
  /** JSON, but a number, a string, a list, null. */
  | "not_object"
  /** An object that does not say what it is. */
  | "no_type"
  /** Longer than `maxLineBytes`; skipped. */
  | "too_long"
  /** The last line, without its LF and without its end: the writer was killed. */
  | "cut_off";

/** A line, or a part of one, that is no event. */
export type Noise = {
  readonly type: "noise";
  readonly reason: NoiseReason;
  /** The beginning of it, at most 1,000 characters. */
  readonly text: string;
  /** Characters of the whole; bytes for `too_long`. */
  readonly length: number;
  /** The value, where it was JSON. */
  readonly raw: unknown;
};
