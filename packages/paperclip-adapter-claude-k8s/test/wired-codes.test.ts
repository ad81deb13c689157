import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorCodes } from "../src/run/error-codes.ts";
import { lastWords } from "./support/last-words.ts";

/** Tests of whole runs over the emulator, with what they expect. Captures are not in every checkout. */
const wired = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".test.ts") && !file.startsWith("corpus"))
  .map((file) => readFileSync(`${import.meta.dirname}/${file}`, "utf8"))
  .filter((text) => text.includes('/support/cluster.ts"'))
  .join("\n");

/** `last-words.test.ts` runs each of these. */
const said = new Set<string | undefined>(lastWords.map(([, , , { errorCode }]) => errorCode));

test.each(Object.keys(errorCodes))("%s is what some run over the emulator ends with", (code) => {
  expect(said.has(code) || wired.includes(`"${code}"`)).toBe(true);
});
