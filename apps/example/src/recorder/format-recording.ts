import type { RecordedChunk, Recording } from "./recording.ts";

/** The recording as the text of its file. `parseRecording` gives back the same bytes, times and order. */
export function formatRecording({ about, chunks, end }: Recording): string {
  const { at, ...exit } = end;
  const lines = [{ recording: 1, ...about }, ...chunks.map(chunkLine), { at, exit }];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join("");
}

function chunkLine({ at, stream, bytes }: RecordedChunk): Record<string, unknown> {
  const key = stream === "stdout" ? "out" : "err";
  const text = asText(bytes);
  return text === undefined
    ? { at, [`${key}64`]: Buffer.from(bytes).toString("base64") }
    : { at, [key]: text };
}

/** Undefined where the text would not give back the same bytes. A byte order mark is kept. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
