import { proof } from "../demo/proof.ts";
import type { CrashEvidence } from "./crash-run.ts";

/**
 * What the second process did:
 *
 * - `adopted`: it followed a Job that was at work, `collected`: one that had ended
 * - `fresh`: it made a Job, for the first process's program never ran or was still to be let go
 * - `again`: it made a Job although the first program ran to its end: the result was in the hand of the
 *   process that died, which had given the Job up already
 * - `next turn`: the first process had given its result to the host
 */
type Deed = "adopted" | "collected" | "fresh" | "again" | "next turn" | "nothing";

export interface CrashVerdict {
  readonly deed: Deed;
  /** Lines that neither process gave to its host. */
  readonly lost: number;
  /** Lines that both gave, as the end of one and the beginning of the other. */
  readonly repeated: number;
  /** What must not be; empty when all is well. */
  readonly wrong: readonly string[];
}

/** Judges a crash by the recording itself. Pure. */
export function judgeCrash(evidence: CrashEvidence, recorded: Uint8Array): CrashVerdict {
  if (!evidence.wasKilled)
    return { deed: "nothing", lost: 0, repeated: 0, wrong: ["the process never got there"] };
  const whole = Buffer.from(recorded).toString("utf8");
  const deed = deedOf(evidence);
  const joint = join(evidence, { deed, whole });
  const { first, second, programs, left, leases, unsweptLeases, problem } = evidence;
  const isNextTurn = deed === "next turn";
  const shown = deed === "adopted" || deed === "collected" ? joint.text : second.output;
  const [result] = second.results;
  const most = deed === "again" || isNextTurn ? 2 : 1;
  const living = leases.filter(({ isKilled }) => !isKilled).map(({ name }) => name);
  return {
    deed,
    lost: joint.lost,
    repeated: joint.repeated,
    wrong: [
      ...(problem === undefined ? [] : [problem]),
      ...joint.wrong,
      ...wrongIf(first.results.length !== (isNextTurn ? 1 : 0), "the first process gave a result"),
      ...wrongIf(second.results.length !== 1, `${second.results.length} results of the second`),
      ...(result === undefined
        ? []
        : proof({ recorded, output: shown, result, left })
            .filter(({ isTrue }) => !isTrue)
            .map(({ what, instead }) => `not true: ${what}: ${instead}`)),
      ...wrongIf(programs.most > 1, `${programs.most} programs at once`),
      ...wrongIf(programs.started > most, `${programs.started} programs`),
      ...wrongIf(programs.started === 0, "no program ran"),
      ...wrongIf(living.length > 0, `Leases of processes that ended well: ${living.join(", ")}`),
      ...wrongIf(unsweptLeases.length > 0, `no sweep takes ${unsweptLeases.join(", ")}`),
    ],
  };
}

function deedOf({ first, second, tookOver, programs }: CrashEvidence): Deed {
  if (first.results.length > 0) return "next turn";
  if (second.events.includes("claude_k8s.job.reattached"))
    return ["running", "pending"].includes(tookOver?.standing ?? "") ? "adopted" : "collected";
  if (!second.events.includes("claude_k8s.job.created")) return "nothing";
  return programs.started > 1 ? "again" : "fresh";
}

/** Both outputs as one, as far as they are of one program. */
function join(
  { first, second, cursorLines, tookOver }: CrashEvidence,
  { deed, whole }: { readonly deed: Deed; readonly whole: string },
): { text: string; lost: number; repeated: number; wrong: readonly string[] } {
  const wrong = wrongIf(
    !whole.startsWith(first.output),
    "the first output is not the recorded one",
  );
  if (deed === "again" || deed === "next turn") {
    // The only excuse for a second program is that nothing of the first one was left to be done.
    const isUnread = first.output !== whole;
    const text = "a program was run again before all of the first one's output was given";
    return {
      text: second.output,
      lost: 0,
      repeated: 0,
      wrong: [...wrong, ...wrongIf(isUnread, text)],
    };
  }
  if (deed === "fresh" || deed === "nothing") {
    const isLost = first.output !== "" && tookOver !== undefined;
    return {
      text: second.output,
      lost: 0,
      repeated: 0,
      wrong: [...wrong, ...wrongIf(isLost, "fresh, after output")],
    };
  }
  const begin = whole.length - second.output.length;
  const isTail = whole.endsWith(second.output);
  const stored = cursorLines === undefined ? undefined : lengthOfLines(whole, cursorLines);
  return {
    text: first.output.slice(0, Math.max(0, begin)) + second.output,
    lost: linesIn(whole.slice(first.output.length, begin)),
    repeated: linesIn(whole.slice(begin, first.output.length)),
    wrong: [
      ...wrong,
      ...wrongIf(!isTail, "the second output is not the recorded one from some line on"),
      ...wrongIf(stored === undefined, "the stored cursor points nowhere"),
      ...wrongIf(stored !== undefined && begin < stored, "repeats from before the stored cursor"),
      ...wrongIf(stored !== undefined && begin > stored, "begins behind the stored cursor"),
    ],
  };
}

function lengthOfLines(text: string, lines: number): number {
  let at = 0;
  for (let line = 0; line < lines; line += 1) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

function linesIn(text: string): number {
  return text === "" ? 0 : text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
}

function wrongIf(isWrong: boolean, text: string): readonly string[] {
  return isWrong ? [text] : [];
}
