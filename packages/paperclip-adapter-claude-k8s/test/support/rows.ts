import { expect, test } from "vitest";
import { classify } from "../../src/run/classify.ts";
import { errorCodes, type Retried } from "../../src/run/error-codes.ts";
import type { Outcome } from "../../src/run/outcome.ts";
import { evidence, type Row } from "./evidence.ts";

/** Holds `classify` to the rows of a table, each failure to a code and a sentence, and each code to its facts. */
export function holdsRows(rows: readonly Row[]): void {
  test.each(rows)("when %s", (_when, end, lines, wanted) => {
    const outcome = classify(evidence(end, lines));
    expect(outcome).toMatchObject(wanted);
    expect(outcome.errorCode).toBe(wanted.errorCode);
    holdsFacts(outcome);
  });

  test("every failure carries a code and a sentence", () => {
    for (const [when, end, lines, wanted] of rows) {
      if (wanted.errorCode === undefined) continue;
      const { errorCode, errorMessage } = classify(evidence(end, lines));
      const said = [when, errorCode !== undefined, (errorMessage ?? "").length > 3];
      expect(said).toEqual([when, true, true]);
    }
  });
}

/** What the code's table says of it is what the outcome tells the host. */
function holdsFacts(outcome: Outcome): void {
  const { errorCode, family } = outcome;
  if (errorCode === undefined) return;
  const facts = errorCodes[errorCode];
  expect({ errorCode, family }).toEqual({ errorCode, family: facts.family });
  expect(facts.retried).toContain(retriedBy(outcome));
}

function retriedBy({ recovery, stopReason }: Outcome): Retried {
  if (recovery === "bootstrap") return "again";
  if (recovery === "settled") return "next wake";
  // The host takes a turn budget that is used up for no failure.
  const goesOn = recovery === "continue" || stopReason === "max_turns_exhausted";
  return goesOn ? "continued" : "no";
}
