/**
 * What a command wrote, when, and how it ended: byte for byte and in order.
 *
 * As a file (`*.recording.jsonl`, UTF-8, one JSON object a line):
 *
 * ```
 * {"recording":1,"about":"…","program":"2.1.330 (Claude Code)","command":["claude",…],"recordedAt":"…","stdin":{"bytes":54,"sha256":"…"}}
 * {"at":812,"out":"text as read from stdout"}
 * {"at":815,"out64":"base64, where the bytes of one read are no UTF-8"}
 * {"at":816,"err":"text as read from stderr"}
 * {"at":9731,"exit":{"code":0}}
 * ```
 *
 * Each line after the first is one read of a pipe: a read may end in the middle of a line or of a
 * character. `at` is in milliseconds since the command was started. The last line is the end, with
 * `code` or `signal`; a file without it was cut and is refused.
 */
export interface Recording {
  readonly about: RecordingAbout;
  readonly chunks: readonly RecordedChunk[];
  readonly end: RecordedEnd;
}

export interface RecordingAbout {
  /** What it shows, in a sentence. */
  readonly about: string;
  /** The program's own version line, e.g. `2.1.330 (Claude Code)`. */
  readonly program: string;
  /** Program and arguments as they were run. */
  readonly command: readonly string[];
  /** RFC 3339. */
  readonly recordedAt: string;
  /** What was on stdin. */
  readonly stdin: { readonly bytes: number; readonly sha256: string };
  /** What was changed after recording, and why. Absent: nothing. */
  readonly changed?: string;
}

/** One read of one of the command's pipes. */
export interface RecordedChunk {
  /** Milliseconds since the command was started. */
  readonly at: number;
  readonly stream: "stdout" | "stderr";
  readonly bytes: Uint8Array;
}

/** Exactly one of `code` and `signal` is there. */
export interface RecordedEnd {
  /** Milliseconds since the command was started. */
  readonly at: number;
  readonly code?: number;
  /** e.g. `SIGKILL`. */
  readonly signal?: NodeJS.Signals;
}

/** All bytes of one stream, in order. */
export function recordedBytes(
  recording: Recording,
  stream: RecordedChunk["stream"],
): Uint8Array<ArrayBuffer> {
  const chunks = recording.chunks.filter((chunk) => chunk.stream === stream);
  return new Uint8Array(Buffer.concat(chunks.map((chunk) => chunk.bytes)));
}
