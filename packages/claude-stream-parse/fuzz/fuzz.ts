// `node --conditions=@claude-k8s/source packages/claude-stream-parse/fuzz/fuzz.ts --seconds 60 --seed 1`
// Feeds broken, hostile and random streams, in random pieces. Fails on a throw, on a slow line, and where the pieces
// change what comes out. Bounded in time and in the size of one case; the seed of a failing case is printed.
import { parseArgs } from "node:util";
import { createTranscript, describe, renderEvent, verdict } from "../src/index.ts";
import type { ClaudeEvent, ClaudeSummary } from "../src/index.ts";
import { randomPieces, seeded } from "../test/support/pieces.ts";
import { same } from "../test/support/same.ts";
import { makeCase } from "./cases.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
  },
});
const seconds = positive("seconds", values.seconds);
const firstSeed = positive("seed", values.seed);
const slowestAllowedMs = 2_000;

let cases = 0;
let bytes = 0;
let slowestMs = 0;
const begin = performance.now();
for (let seed = firstSeed; performance.now() - begin < seconds * 1_000; seed++) {
  const input = makeCase(seeded(seed));
  const started = process.cpuUsage();
  try {
    check(input, seed);
  } catch (error) {
    console.error(`case of seed ${seed} (${input.length} bytes) failed`);
    throw error;
  }
  // The processor's time, not the wall's: a busy machine must not fail the parser.
  const { user, system } = process.cpuUsage(started);
  const took = (user + system) / 1_000;
  if (took > slowestAllowedMs) throw new Error(`case of seed ${seed} took ${Math.round(took)} ms`);
  slowestMs = Math.max(slowestMs, took);
  cases++;
  bytes += input.length;
}
const megabytes = (bytes / 1e6).toFixed(0);
console.log(
  `${cases} cases, ${megabytes} MB, ${Math.round((performance.now() - begin) / 1_000)} s, ` +
    `slowest case ${Math.round(slowestMs)} ms; no crash`,
);

function check(input: Uint8Array, seed: number): void {
  const options = { maxLineBytes: [1_000, 64 * 1024, 16 * 1024 * 1024][seed % 3] ?? 1 };
  const whole = read([input], options);
  const pieces = read(randomPieces(input, seeded(seed + 1)), options);
  if (!same(whole, pieces)) throw new Error("the pieces change what comes out");
  for (const end of [
    {},
    { exitCode: 0 },
    { exitCode: 1, stderr: "error: x" },
    { signal: "SIGKILL" },
  ]) {
    const { message } = verdict(whole.summary, end);
    if (message.length > 500) throw new Error("a message that is no sentence");
  }
  describe(whole.summary);
  for (const event of whole.events.slice(0, 500)) {
    for (const line of renderEvent(event, { width: 80 })) {
      if (/\p{Cc}/u.test(line)) throw new Error("a control character was shown");
    }
  }
  if (({} as Record<string, unknown>)["polluted"] !== undefined)
    throw new Error("a prototype was changed");
}

function read(
  pieces: readonly Uint8Array[],
  options: { maxLineBytes: number },
): { events: ClaudeEvent[]; summary: ClaudeSummary } {
  const transcript = createTranscript(options);
  const events = pieces.flatMap((piece) => transcript.push(piece));
  events.push(...transcript.end());
  return { events, summary: transcript.summary };
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new Error(`--${name}: expected a positive number, got ${JSON.stringify(text)}`);
}
