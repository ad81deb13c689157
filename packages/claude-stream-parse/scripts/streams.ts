import { readFileSync } from "node:fs";
import { captures, corpusMissing } from "../test/support/corpus.ts";

/** What a runtime made of the streams. */
export type Outcome = { readonly version: string; readonly outcomes: unknown };

type Stream = { readonly name: string; readonly base64: string };

/** Three streams with everything in them that a runtime could read differently: real ones where they are at hand. */
function streams(): Stream[] {
  if (corpusMissing) {
    const folder = new URL("../test/fixtures/", import.meta.url);
    return ["answered", "noisy", "cut-off"].map((name) =>
      stream(name, readFileSync(new URL(`${name}.jsonl`, folder))),
    );
  }
  const wanted = new Set(["ok-unicode", "subagents", "noise-on-stdout"]);
  return captures()
    .filter(({ scenario }) => wanted.has(scenario))
    .map(({ scenario, bytes }) => stream(scenario, bytes));
}

function stream(name: string, bytes: Uint8Array): Stream {
  return { name, base64: Buffer.from(bytes).toString("base64") };
}

/**
 * The program that every runtime runs: plain JavaScript that leaves its outcome in `outcomes`. It reads in pieces of
 * seven bytes, so that characters are cut.
 */
export function program(): string {
  return `
const outcomes = ${JSON.stringify(streams())}.map(({ name, base64 }) => {
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  const transcript = createTranscript();
  const types = [];
  for (let at = 0; at < bytes.length; at += 7) {
    for (const event of transcript.push(bytes.subarray(at, at + 7))) types.push(event.type);
  }
  for (const event of transcript.end()) types.push(event.type);
  const { memory, ...summary } = transcript.summary;
  return { name, types, summary, verdict: verdict(transcript.summary, { exitCode: 0 }) };
});`;
}
