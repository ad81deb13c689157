import type { ContainerState, LogAnswer, LogSource } from "../../src/index.ts";

/** A record of the runtime's file: a line is several of them when it is long. */
export type FileRecord = { readonly ns: bigint; readonly content: Buffer; readonly full: boolean };

/** One answer. What is left out is: everything there is, then a clean end. */
export type Step = {
  /** Another answer than a log. */
  readonly answer?: Exclude<LogAnswer, { kind: "open" }>;
  /** Records that the program writes before, and while this answer is sent. */
  readonly before?: number;
  readonly during?: number;
  /** The file begins anew with what is written next. */
  readonly rotate?: boolean;
  /** Bytes after which it breaks off. */
  readonly bytes?: number;
  /** `hang`: silent for ever, and the container ends; `stay`: the container goes on. */
  readonly how?: "end" | "cut" | "hang" | "stay";
  readonly chunk?: number;
};

export type ScriptedLog = {
  readonly source: LogSource;
  /** Ended once every step was taken, or once a stream hangs. */
  readonly containerState: ContainerState;
  readonly requests: { follow: boolean; tailLines: number | undefined }[];
  /** How many answers are being sent. */
  open(): number;
};

/** The kubelet's side of a log: a file of records, rendered as the kubelet renders it, over a bad network. */
export function scriptedLog(file: readonly FileRecord[], steps: readonly Step[]): ScriptedLog {
  const left = [...steps];
  const requests: { follow: boolean; tailLines: number | undefined }[] = [];
  let written = 0;
  let start = 0;
  let open = 0;
  const write = (count: number): void => {
    written = Math.min(file.length, written + count);
  };
  const source: LogSource = {
    async open(_target, { follow, tailLines, signal }) {
      requests.push({ follow, tailLines });
      const step = left.shift() ?? { before: file.length };
      write(step.before ?? 0);
      if (step.rotate === true) start = written;
      if (step.answer !== undefined) return step.answer;
      const first = tailLines === undefined ? start : Math.max(start, written - tailLines);
      write(step.during ?? 0);
      if (step.how === "hang") left.length = 0;
      const bytes = render(file.slice(first, written));
      open++;
      return { kind: "open", body: send(bytes, step, signal, () => open--), timestamps: true };
    },
  };
  const containerState: ContainerState = async () =>
    left.length === 0 ? { kind: "terminated", containerId: "c1" } : { kind: "running" };
  return { source, containerState, requests, open: () => open };
}

async function* send(
  bytes: Buffer,
  { bytes: limit = Infinity, how = "end", chunk = 64 }: Step,
  signal: AbortSignal,
  onClose: () => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    const sent = bytes.subarray(0, Math.min(bytes.length, limit));
    for (let at = 0; at < sent.length; at += chunk) {
      signal.throwIfAborted();
      yield sent.subarray(at, at + chunk);
    }
    if (how === "cut") throw new Error("connection reset");
    if (how === "hang" || how === "stay")
      await new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      });
  } finally {
    onClose();
  }
}

/** A time is printed only where the piece before ended in a newline. */
export function render(records: readonly FileRecord[]): Buffer {
  const pieces: Buffer[] = [];
  let atLineStart = true;
  for (const { ns, content, full } of records) {
    if (atLineStart) pieces.push(Buffer.from(`${printed(ns)} `));
    pieces.push(content);
    if (full) pieces.push(Buffer.from("\n"));
    atLineStart = full;
  }
  return Buffer.concat(pieces);
}

function printed(ns: bigint): string {
  const date = new Date(Number(ns / 1_000_000_000n) * 1_000).toISOString().slice(0, 19);
  return `${date}.${String(ns % 1_000_000_000n).padStart(9, "0")}Z`;
}

/** Lines as the runtime writes them: cut into records of `recordBytes`, the last one open if `unterminated`. */
export function toFile(
  lines: readonly { readonly ns: bigint; readonly text: string }[],
  {
    recordBytes = 16_384,
    unterminated = false,
  }: { recordBytes?: number; unterminated?: boolean } = {},
): FileRecord[] {
  return lines.flatMap(({ ns, text }, i) => {
    const bytes = Buffer.from(text);
    const records: FileRecord[] = [];
    for (let at = 0; at === 0 || at < bytes.length; at += recordBytes) {
      const last = at + recordBytes >= bytes.length;
      const full = last && !(unterminated && i === lines.length - 1);
      records.push({ ns: ns + BigInt(at), content: bytes.subarray(at, at + recordBytes), full });
    }
    return records;
  });
}
