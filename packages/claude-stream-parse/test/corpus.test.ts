import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { verdict } from "../src/index.ts";
import type { ClaudeSummary } from "../src/index.ts";
import { captures, corpusMissing } from "./support/corpus.ts";
import type { Capture } from "./support/corpus.ts";
import { randomPieces, seeded, singleBytes } from "./support/pieces.ts";
import { read } from "./support/read.ts";

const all = corpusMissing ? [] : captures();

const why = corpusMissing ? `, skipped: ${corpusMissing}` : "";

describe.skipIf(corpusMissing)(`real captures${why}`, () => {
  test("there are many of them", () => expect(all.length).toBeGreaterThan(100));

  test.each(all.map((capture) => [capture.scenario, capture] as const))(
    "%s, whole, means what its expectation says",
    (_scenario, capture) => {
      const { summary } = read([capture.bytes]);
      expect(meaningOf(summary, capture)).toEqual(expectedMeaning(capture));
    },
  );

  test.each(all.map((capture, at) => [capture.scenario, capture, at] as const))(
    "%s, in random pieces, is the same",
    (_scenario, { bytes }, seed) => {
      expect(read(randomPieces(bytes, seeded(seed)))).toEqual(read([bytes]));
    },
  );

  const small = all.filter(({ bytes }) => bytes.length < 20_000);
  test.each(small.map((capture) => [capture.scenario, capture] as const))(
    "%s, byte by byte, is the same",
    (_scenario, { bytes }) => expect(read(singleBytes(bytes))).toEqual(read([bytes])),
  );
});

function meaningOf(summary: ClaudeSummary, capture: Capture): object {
  const { expectation, ...end } = capture;
  const { kind, ok, retry, message } = verdict(summary, end);
  return {
    kind,
    ok,
    retry,
    rawJsonInMessage: /\{"|\n/.test(message),
    sessionId: summary.sessionId ?? null,
    sessionIds: summary.sessionIds,
    initModel: summary.model ?? null,
    cliVersion: summary.cliVersion ?? null,
    answeringModels: summary.answeringModels.toSorted(),
    results: summary.resultCount,
    finalText: textLike(expectation.finalText, summary.resultText),
    lastAssistantText: textLike(expectation.lastAssistantText, summary.lastAssistantText),
    runTokens: summary.usage,
    runCostUsd: summary.costUsd ?? null,
    eventsAfterLastResult: summary.eventsAfterLastResult,
  };
}

function expectedMeaning({ expectation }: Capture): object {
  const { kind, ok, retry, sessionId, sessionIds, initModel, finalText } = expectation;
  const { costUsd: _, ...runTokens } = expectation.runTokens;
  return {
    kind,
    ok,
    retry,
    rawJsonInMessage: false,
    sessionId,
    sessionIds,
    initModel,
    cliVersion: expectation.cliVersion ?? null,
    answeringModels: expectation.answeringModels.toSorted(),
    results: expectation.results.length,
    finalText,
    lastAssistantText: expectation.lastAssistantText,
    runTokens,
    runCostUsd: expectation.runCostUsd,
    eventsAfterLastResult: expectation.eventsAfterLastResult ?? [],
  };
}

/** Our text in the form of the expectation: whole, or for a long one its length and hash. */
function textLike(
  expected: Capture["expectation"]["finalText"],
  text: string | undefined,
): unknown {
  if (text === undefined) return null;
  if (expected === null || "text" in expected) return { text };
  const bytes = Buffer.from(text);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { ...expected, length: text.length, sha256 };
}
