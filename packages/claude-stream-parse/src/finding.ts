import type { ClaudeSummary, ResultSummary } from "./summary-types.ts";
import type { VerdictKind } from "./verdict-types.ts";

/** A kind, and what decided it. */
export type Finding = { readonly kind: VerdictKind; readonly evidence: readonly string[] };

export function finding(kind: VerdictKind, ...evidence: readonly string[]): Finding {
  return { kind, evidence };
}

/** What the last result says, with what stood around it. */
export type ResultCase = {
  readonly summary: ClaudeSummary;
  readonly result: ResultSummary;
  /** The error's text: `result`, else the first of `errors`. */
  readonly said: string;
};
