import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { exitOf } from "../run/exit-of.ts";
import type { RunEvidence } from "../run/model.ts";
import type { Outcome } from "../run/outcome.ts";
import type { Billing } from "./billing.ts";
import { resultJson } from "./result-json.ts";

/** What the host is told beside the evidence. */
export interface ResultInput {
  readonly evidence: RunEvidence;
  readonly outcome: Outcome;
  readonly askedModel: string | undefined;
  /** What is stored with the session: where its files lie, and what it began with. */
  readonly session: Readonly<Record<string, string>>;
  readonly billing: Billing;
  readonly warnings: readonly string[];
  /** Takes secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** The host keeps this much of a comment; longer answers are in the transcript. */
const summaryLength = 60_000;

/** Our evidence in the host's words. The only place where `null` lives. */
export function hostResult(input: ResultInput): AdapterExecutionResult {
  const { evidence, outcome, askedModel, redact } = input;
  const { summary } = evidence.transcript;
  const answer = summary.resultText?.slice(0, summaryLength);
  return {
    ...exit(evidence, outcome),
    timedOut: outcome.timedOut === true,
    errorMessage: outcome.errorMessage === undefined ? null : redact(outcome.errorMessage),
    ...(outcome.errorCode === undefined ? {} : { errorCode: outcome.errorCode }),
    ...(outcome.family === undefined ? {} : { errorFamily: outcome.family }),
    ...(outcome.retryNotBefore === undefined ? {} : { retryNotBefore: outcome.retryNotBefore }),
    ...(outcome.clearSession === true ? { clearSession: true } : {}),
    ...recovery(outcome),
    ...usage(evidence),
    ...session(input),
    provider: "anthropic",
    ...input.billing,
    model: summary.model ?? askedModel ?? null,
    ...(answer === undefined ? {} : { summary: answer }),
    resultJson: resultJson(input, answer),
  };
}

/**
 * The host takes every exit code but 0, and every signal, for a failure. A program that gave its answer and was
 * then stopped, or could not end well, has succeeded all the same; its real code is in `resultJson`.
 */
function exit(
  { end }: RunEvidence,
  { errorCode }: Outcome,
): Pick<AdapterExecutionResult, "exitCode" | "signal"> {
  const seen =
    end.kind === "ended" ? exitOf(end.end) : end.kind === "stopped" ? end.exit : undefined;
  const code = seen?.code ?? null;
  if (errorCode === undefined) return { exitCode: code === null ? null : 0, signal: null };
  return { exitCode: code, signal: seen?.signal ?? null };
}

function recovery({
  recovery: evidence,
}: Outcome): Pick<AdapterExecutionResult, "executionRecovery"> {
  if (evidence === "bootstrap")
    return { executionRecovery: { kind: "bootstrap", providerWorkStarted: false } };
  if (evidence !== "settled") return {};
  return {
    executionRecovery: {
      kind: "interrupted",
      providerStopped: true,
      sessionPreserved: true,
      actionOutcomes: "settled",
    },
  };
}

/** Of this run alone, counted as the host's local adapter counts: tokens written to the cache are in none of these. */
function usage({ transcript: { summary } }: RunEvidence): Partial<AdapterExecutionResult> {
  const { usage: used, usageSource, costUsd } = summary;
  return {
    usageBasis: "per_run",
    ...(usageSource === "none"
      ? {}
      : {
          usage: {
            inputTokens: used.inputTokens,
            outputTokens: used.outputTokens,
            cachedInputTokens: used.cacheReadTokens,
          },
        }),
    ...(costUsd === undefined ? {} : { costUsd }),
  };
}

/** Without a session of its own a run leaves the stored one as it is. */
function session({
  evidence,
  outcome,
  session: kept,
}: ResultInput): Partial<AdapterExecutionResult> {
  const { sessionId } = evidence.transcript.summary;
  if (sessionId === undefined || outcome.clearSession === true) return {};
  return {
    sessionId,
    sessionParams: { ...kept, sessionId },
    sessionDisplayId: sessionId,
  };
}
