import { leftBehind } from "../cluster/left-behind.ts";
import { recordedBytes, type Recording } from "../recorder/recording.ts";
import type { Screen } from "../terminal/screen.ts";
import { rows } from "./figures.ts";
import type { Place } from "./place.ts";
import { type Check, proof } from "./proof.ts";
import { showRun } from "./shown-run.ts";

export interface Demo {
  readonly place: Place;
  readonly recording: Recording;
  readonly speed: number;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** Name of the session that is shown. */
export const demoRecording = "healthy";

const leftWithinMs = 15_000;

/** Runs the recorded session in the place, shows it, and checks what it showed. Answers whether all was true. */
export async function runDemo(demo: Demo): Promise<boolean> {
  const { place, recording, screen, speed, signal } = demo;
  const run = await showRun({ place, recording: demoRecording, speed, screen, signal });
  if (signal.aborted) return false;
  showTable(screen, rows({ ...run, quietMs: quietAtEnd(recording) / speed }));
  const { namespace, http } = place;
  const left = await leftBehind(http, { namespace, withinMs: leftWithinMs, signal });
  const checks = proof({
    recorded: recordedBytes(recording, "stdout"),
    output: run.host.output(),
    result: run.result,
    left,
  });
  for (const check of checks) showCheck(screen, check);
  return checks.every(({ isTrue }) => isTrue);
}

/** Between the program's last line and its exit: recorded, so not time that the adapter took. */
function quietAtEnd({ chunks, end }: Recording): number {
  return Math.max(0, end.at - (chunks.at(-1)?.at ?? end.at));
}

function showTable(screen: Screen, table: readonly (readonly [string, string])[]): void {
  const width = Math.max(...table.map(([word]) => word.length));
  screen.line();
  for (const [word, value] of table) screen.line(`  ${screen.dim(word.padEnd(width))}  ${value}`);
  screen.line();
}

function showCheck(screen: Screen, { what, isTrue, instead }: Check): void {
  screen.line(
    isTrue ? `  ${screen.good("✓")} ${what}` : `  ${screen.bad("✗")} ${what}: ${instead}`,
  );
}
