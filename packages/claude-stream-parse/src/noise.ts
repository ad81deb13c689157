import { detach } from "./detach.ts";
import type { Noise, NoiseReason } from "./noise-types.ts";

const shownLength = 1000;

export function noise(reason: NoiseReason, line: string, raw?: unknown): Noise {
  return {
    type: "noise",
    reason,
    text: detach(line.slice(0, shownLength)),
    length: line.length,
    raw,
  };
}

/** A line that was too long to keep: its beginning, and how many bytes it had. */
export function skippedLine(head: string, bytes: number): Noise {
  return { type: "noise", reason: "too_long", text: head, length: bytes, raw: undefined };
}
