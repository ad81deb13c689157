import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { exitOf } from "../run/classify-ended.ts";
import type { RunEvidence } from "../run/model.ts";
import type { Outcome } from "../run/outcome.ts";

/** What the host is told beside the evidence. */
export interface ResultInput {
  readonly evidence: RunEvidence;
  readonly outcome: Outcome;
  readonly askedModel: string | undefined;
  /** What is stored with the session: where its files lie, and what it began with. */
  readonly session: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
}

/** Words that make the host let another turn of the conversation follow. */
const continuation = "continue_conversation_v1";

/** The host keeps this much of a comment; longer answers are in the transcript. */
const summaryLength = 60_000;

/** Our evidence in the host's words. The only place where `null` lives. */
export function hostResult(input: ResultInput): AdapterExecutionResult {
  const { evidence, outcome, askedModel } = input;
  const { summary } = evidence.transcript;
  const exit = exitOfRun(evidence);
  const answer = summary.resultText?.slice(0, summaryLength);
  return {
    exitCode: exit?.exitCode ?? null,
    signal: null,
    timedOut: outcome.timedOut === true,
    errorMessage: outcome.errorMessage ?? null,
    ...(outcome.errorCode === undefined ? {} : { errorCode: outcome.errorCode }),
    ...(outcome.family === undefined ? {} : { errorFamily: outcome.family }),
    ...(outcome.retryNotBefore === undefined ? {} : { retryNotBefore: outcome.retryNotBefore }),
    ...(outcome.clearSession === true ? { clearSession: true } : {}),
    ...recovery(outcome),
    ...usage(evidence),
    ...session(input),
    provider: "anthropic",
    model: summary.model ?? askedModel ?? null,
    ...(answer === undefined ? {} : { summary: answer }),
    resultJson: resultJson(input, answer),
  };
}

function isSuccess(outcome: Outcome): boolean {
  return outcome.errorCode === undefined;
}

function exitOfRun({ end }: RunEvidence): ReturnType<typeof exitOf> {
  if (end.kind === "ended") return exitOf(end.end);
  return end.kind === "stopped" && end.exit !== undefined
    ? exitOf({ kind: "exited", exit: end.exit, evidence: [], sure: true })
    : undefined;
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

function resultJson(
  { evidence, outcome, warnings }: ResultInput,
  answer: string | undefined,
): Record<string, unknown> {
  const { transcript, job, pod, end } = evidence;
  const { summary } = transcript;
  return {
    ...(answer === undefined ? {} : { result: answer }),
    ...(isSuccess(outcome) && answer
      ? { finalResponse: { disposition: "final", text: answer } }
      : {}),
    ...(outcome.recovery === "continue" ? { conversationContinuation: continuation } : {}),
    ...(outcome.stopReason === undefined ? {} : { stopReason: outcome.stopReason }),
    ...(outcome.incomplete === undefined
      ? {}
      : { configurationIncomplete: { reason: outcome.incomplete } }),
    ...(outcome.acknowledged === undefined
      ? {}
      : {
          executionCancellation: {
            state: "acknowledged",
            acknowledgedAt: new Date().toISOString(),
            forced: outcome.acknowledged.forced,
          },
        }),
    kubernetes: {
      ...(job === undefined
        ? {}
        : { job: job.name, namespace: job.namespace, reattached: job.reattached }),
      ...(job?.earlierRunIds === undefined ? {} : { earlierRunIds: job.earlierRunIds }),
      ...(pod === undefined ? {} : { pod }),
      end: end.kind === "ended" ? end.end.kind : end.kind,
      ...(end.kind === "ended" ? { log: end.logEnd, sure: end.end.sure } : {}),
    },
    lines: transcript.lines,
    ...(evidence.isPartial === true ? { partial: true } : {}),
    turns: summary.turns,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
}
