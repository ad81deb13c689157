import { exitOf } from "../run/exit-of.ts";
import type { RunEvidence } from "../run/model.ts";
import { diagnostics } from "./diagnostics.ts";
import type { ResultInput } from "./result.ts";

/** Words that make the host let another turn of the conversation follow. */
const continuation = "continue_conversation_v1";

/** Many warnings say no more than some. */
const mostWarnings = 50;

/**
 * What the host merges into its record of the run: the keys it acts on, then what people look at. Bounded, for
 * the host keeps it in its database.
 */
export function resultJson(
  { evidence, outcome, warnings, redact }: ResultInput,
  answer: string | undefined,
): Record<string, unknown> {
  const { transcript, history } = evidence;
  const { summary } = transcript;
  const isSuccess = outcome.errorCode === undefined;
  return {
    ...(answer === undefined ? {} : { result: answer }),
    ...(isSuccess && answer ? { finalResponse: { disposition: "final", text: answer } } : {}),
    ...(outcome.recovery === "continue" ? { conversationContinuation: continuation } : {}),
    ...(outcome.stopReason === undefined ? {} : { stopReason: outcome.stopReason }),
    ...(outcome.incomplete === undefined
      ? {}
      : { configurationIncomplete: { reason: redact(outcome.incomplete) } }),
    ...(outcome.acknowledged === undefined
      ? {}
      : {
          executionCancellation: {
            state: "acknowledged",
            acknowledgedAt: new Date().toISOString(),
            forced: outcome.acknowledged.forced,
          },
        }),
    kubernetes: kubernetes(evidence, outcome.cause),
    timings: timings(evidence),
    lines: transcript.lines,
    ...(evidence.isPartial === true ? { partial: true } : {}),
    turns: summary.turns,
    // A lower bound: no result told the totals.
    ...(summary.partial.usage && summary.usageSource !== "none" ? { usagePartial: true } : {}),
    ...(warnings.length === 0 ? {} : { warnings: warnings.slice(0, mostWarnings).map(redact) }),
    ...(isSuccess ? {} : { diagnostics: diagnostics(evidence, redact) }),
    ...(isSuccess && history.logReconnects > 0 ? { logReconnects: history.logReconnects } : {}),
  };
}

/** Which objects the run had, and how it ended in Kubernetes' words. */
function kubernetes(
  { job, pod, end }: RunEvidence,
  cause: ResultInput["outcome"]["cause"],
): Record<string, unknown> {
  const code =
    end.kind === "ended"
      ? exitOf(end.end)?.code
      : end.kind === "stopped"
        ? end.exit?.code
        : undefined;
  return {
    ...(job === undefined
      ? {}
      : { job: job.name, namespace: job.namespace, reattached: job.reattached }),
    ...(job?.earlierRunIds === undefined ? {} : { earlierRunIds: job.earlierRunIds }),
    ...(pod === undefined ? {} : { pod }),
    end: end.kind === "ended" ? end.end.kind : end.kind,
    ...(end.kind === "ended" ? { log: end.logEnd, sure: end.end.sure } : {}),
    ...(end.kind === "ended" && end.end.kind === "not-started" ? { reason: end.end.reason } : {}),
    ...(end.kind === "stopped" ? { stoppedFor: end.reason.kind } : {}),
    ...(end.kind === "stopped" && end.reason.kind === "after-result"
      ? { openTasks: end.reason.openTasks.slice(0, 20) }
      : {}),
    ...(code === undefined ? {} : { exitCode: code }),
    ...(cause === undefined ? {} : { cause }),
  };
}

/** Milliseconds of each phase as it was seen, and of the container by the kubelet's clock. */
function timings({ end, history }: RunEvidence): Record<string, number> {
  const phases = Object.entries(history.phases).map(
    ([phase, ms]) => [`${phase}Ms`, Math.max(0, Math.round(ms))] as const,
  );
  const exit = end.kind === "ended" ? exitOf(end.end) : undefined;
  const ran = Date.parse(exit?.finishedAt ?? "") - Date.parse(exit?.startedAt ?? "");
  return { ...Object.fromEntries(phases), ...(Number.isNaN(ran) ? {} : { containerMs: ran }) };
}
