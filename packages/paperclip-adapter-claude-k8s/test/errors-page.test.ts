import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type ErrorCodeFacts, errorCodes } from "../src/run/error-codes.ts";

const page = readFileSync(new URL("../../../docs/errors.md", import.meta.url), "utf8");

/** Each code's part of the page, by code. */
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((section) => [/^`(\w+)`/.exec(section)?.[1] ?? section, section] as const),
);

test("the page explains each code that a result can have, and no other", () => {
  expect([...sections.keys()].toSorted()).toEqual(Object.keys(errorCodes).toSorted());
});

test.each(Object.entries<ErrorCodeFacts>(errorCodes))(
  "%s: meaning, evidence, who acts, what to do, and what the server does",
  (code, { retried, family }) => {
    const section = sections.get(code) ?? "";
    const waits = family === undefined ? "" : ` (\`${family}\`)`;
    for (const part of ["Evidence", "Who acts", "What to do"])
      expect(section).toMatch(new RegExp(`^- \\*\\*${part}\\*\\*: \\S.{3,}`, "m"));
    expect(section).toContain(`- **Retried**: ${retried.join(", ")}${waits}.`);
    expect(section.split("\n")[2]).toMatch(/\S{2,} \S/);
  },
);
