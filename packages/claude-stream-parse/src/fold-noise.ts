import { detach } from "./detach.ts";
import type { FoldMemory } from "./fold-memory.ts";
import type { Noise } from "./noise-types.ts";

const keptLines = 5;
const keptLength = 500;

/** Counts noise and keeps its first and newest lines; blank ones say nothing. */
export function foldNoise(memory: FoldMemory, noise: Noise): void {
  memory.noiseCount++;
  memory.noiseReasons.set(noise.reason, (memory.noiseReasons.get(noise.reason) ?? 0) + 1);
  if (noise.reason === "blank") return;
  const text =
    noise.text.length > keptLength ? detach(noise.text.slice(0, keptLength)) : noise.text;
  if (memory.firstNoise.length < keptLines) memory.firstNoise.push(text);
  memory.lastNoise.push(text);
  if (memory.lastNoise.length > keptLines) memory.lastNoise.shift();
}
