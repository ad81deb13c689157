// `pnpm bench parse`: how fast the parser is on the corpus repeated to 200 MB, as ratios inside one run.
// Absolute figures belong to a machine and an hour; the rounds of the contenders alternate, and the best of each are
// compared, because what else the machine does can only slow a round down.
import { parseClaudeStreamJson } from "@paperclipai/adapter-claude-local/server";
import { createTranscript } from "../src/index.ts";
import { corpusStream, pieces, piecesAtLines } from "./input.ts";

const rounds = Number(process.argv[3] ?? 7);
const megabytes = Number(process.argv[2] ?? 200);
const bytes = corpusStream(megabytes * 1e6);
const text = new TextDecoder().decode(bytes);
const lines = text.split("\n");
const linePieces = [...piecesAtLines(bytes)];
const textPieces = linePieces.map((piece) => new TextDecoder().decode(piece));
const decoder = new TextDecoder();
let sink = 0;

const contenders: Record<string, () => void> = {
  // Lines that are there already, parsed and dropped: less than this no reader of JSON can do.
  "JSON.parse per line": () => {
    for (const line of lines) sink += parsed(line);
  },
  // The same from what a pipe brings: bytes in pieces, cut at the end of a line as a kindness.
  "decode, split, JSON.parse": () => {
    for (const piece of linePieces)
      for (const line of decoder.decode(piece).split("\n")) sink += parsed(line);
  },
  "createTranscript, bytes": () => {
    const transcript = createTranscript();
    for (const piece of pieces(bytes)) sink += transcript.push(piece).length;
    sink += transcript.end().length + transcript.summary.resultCount;
  },
  "createTranscript, text": () => {
    const transcript = createTranscript();
    for (const piece of textPieces) sink += transcript.push(piece).length;
    sink += transcript.end().length + transcript.summary.resultCount;
  },
  parseClaudeStreamJson: () => {
    sink += parseClaudeStreamJson(text).sessionId?.length ?? 0;
  },
};

const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
for (let round = 0; round <= rounds; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    globalThis.gc?.();
    const begin = performance.now();
    run();
    if (round > 0) times.get(name)?.push(performance.now() - begin); // The first round warms up.
  }
}

const base = best("JSON.parse per line");
console.log(
  `${(bytes.length / 1e6).toFixed(0)} MB, ${lines.length} lines, best of ${rounds} rounds`,
);
for (const name of times.keys()) {
  const rate = (bytes.length / 1e3 / best(name)).toFixed(0);
  console.log(
    `${name.padEnd(26)} ${rate.padStart(5)} MB/s   ${(best(name) / base).toFixed(2)} × JSON.parse`,
  );
}
if (sink === 0) throw new Error("nothing was read");

function parsed(line: string): number {
  try {
    return JSON.parse(line) === null ? 1 : 2;
  } catch {
    return 0; // The corpus has noise in it.
  }
}

function best(name: string): number {
  return Math.min(...(times.get(name) ?? []));
}
