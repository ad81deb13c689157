// `pnpm bench memory`: what a transcript holds after 10 MB and after 1 GB of the corpus, measured after a forced
// collection. Needs `--expose-gc`, which `pnpm bench` passes.
import { createTranscript } from "../src/index.ts";
import { corpusStream, pieces } from "./input.ts";

const collect = globalThis.gc;
if (collect === undefined) throw new Error("run it with --expose-gc, as `pnpm bench memory` does");

const block = corpusStream(5e6);
const marks = positions('"uuid":"');
const ids = positions('"id":"msg_');
const sizes = [10e6, 100e6, 1e9];
const retained = sizes.map((size) => measure(size));
const [small = 0] = retained;
for (const [at, bytes] of retained.entries()) {
  const megabytes = ((sizes[at] ?? 0) / 1e6).toFixed(0).padStart(5);
  console.log(
    `${megabytes} MB read: ${(bytes / 1024).toFixed(0)} KiB retained, ${(bytes / small).toFixed(2)} × that of 10 MB`,
  );
}

/** Bytes that the transcript and its summary keep alive. Every repetition has uuids and ids of its own. */
function measure(size: number): number {
  const before = live();
  const transcript = createTranscript();
  for (let read = 0; read < size; read += block.length) {
    for (const piece of pieces(renamed(read / block.length))) transcript.push(piece);
  }
  transcript.end();
  const { summary } = transcript;
  const after = live();
  // Read afterwards, so that both are alive when it is measured.
  if (transcript.summary !== summary || summary.resultCount === 0)
    throw new Error("nothing was read");
  return after - before;
}

/** The block with new ids in place, so that what remembers ids has something to remember. */
function renamed(round: number): Uint8Array {
  const mark = new TextEncoder().encode(round.toString(36).padStart(4, "0"));
  for (const at of marks) block.set(mark, at + 8);
  for (const at of ids) block.set(mark, at + 10);
  return block;
}

function positions(text: string): number[] {
  const found: number[] = [];
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.length);
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1)) found.push(at);
  return found;
}

function live(): number {
  for (let i = 0; i < 4; i++) collect?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
