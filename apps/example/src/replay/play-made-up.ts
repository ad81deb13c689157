import type { ReplayContext } from "./context.ts";
import { initLine, successLine, textLine } from "./made-up-events.ts";
import type { Pace } from "./pace.ts";
import type { Scenario } from "./scenario.ts";

/** Longer than any test and any grace period, and the most that a Node timer takes. */
const forEver = 2 ** 31 - 1;

const bigLineBytes = 400_000;

/** Between two pauses no SIGTERM gets in; a pause for each line would take a millisecond for each. */
const linesPerPause = 100;

/**
 * Plays what no recording shows well. Returns the exit code; rejects with the reason of
 * `context.signal` at SIGTERM, except for `ignore-sigterm`.
 */
export async function playMadeUp(
  scenario: Exclude<Scenario, { kind: "recording" }>,
  context: ReplayContext,
  play: { readonly pace: Pace; readonly version: string },
): Promise<number> {
  const { stdout } = context;
  await stdout.write(initLine(play.version));
  switch (scenario.kind) {
    case "silent":
      await play.pace(scenario.seconds * 1000);
      await stdout.write(successLine(`Silent for ${scenario.seconds} s, and done.`, 1));
      return 0;
    case "exit":
      await writeTexts(context, play.pace, 4);
      return scenario.code;
    case "lines":
      await writeTexts(context, play.pace, scenario.lines - 2);
      await stdout.write(successLine(`${scenario.lines} lines.`, scenario.lines - 1));
      return 0;
    case "ticks":
      for (let number = 1; number <= scenario.lines - 2; number += 1) {
        await play.pace(1_000);
        await stdout.write(textLine(`Line ${number} at ${Date.now()}`, number));
      }
      await stdout.write(successLine(`${scenario.lines} lines.`, scenario.lines - 1));
      return 0;
    case "blocks":
      for (let number = 1; number <= scenario.blocks; number += 1)
        await stdout.write(textLine(`Block ${number}.`, number, 1));
      await stdout.write(successLine(`${scenario.blocks} blocks.`, scenario.blocks + 1));
      return 0;
    case "big-lines":
      for (let number = 1; number <= scenario.lines; number += 1)
        await stdout.write(bigLine(bigLineBytes));
      await stdout.write(successLine(`${scenario.lines} big lines.`, scenario.lines + 1));
      return 0;
    case "big-line":
      await stdout.write(bigLine(scenario.bytes));
      await stdout.write(successLine(`A line of ${scenario.bytes} bytes.`, 2));
      return 0;
    case "hang":
      context.signal.throwIfAborted();
      await context.sleep(forEver);
      break;
    case "ignore-sigterm":
      await sleepThrough(context);
  }
  return 1;
}

async function writeTexts(context: ReplayContext, pace: Pace, count: number): Promise<void> {
  for (let number = 1; number <= count; number += 1) {
    if (number % linesPerPause === 1) await pace(0);
    await context.stdout.write(textLine(`Line ${number} of ${count}.`, number));
  }
}

function bigLine(bytes: number): string {
  const room = bytes - textLine("", 1).length;
  return textLine("0123456789".repeat(Math.ceil(room / 10)).slice(0, room), 1);
}

/** A kill does not come back from here; a second SIGTERM does not end a sleep that began after the first. */
async function sleepThrough(context: ReplayContext): Promise<void> {
  try {
    await context.sleep(forEver);
  } catch (error) {
    if (error !== context.signal.reason) throw error;
    await context.sleep(forEver);
  }
}
