import { expect, test } from "vitest";
import { classify } from "../../src/run/classify.ts";
import { evidence, type Row } from "./evidence.ts";

/** Holds `classify` to the rows of a table, and each failure to a code and a sentence. */
export function holdsRows(rows: readonly Row[]): void {
  test.each(rows)("when %s", (_when, end, lines, wanted) => {
    expect(classify(evidence(end, lines))).toMatchObject(wanted);
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
