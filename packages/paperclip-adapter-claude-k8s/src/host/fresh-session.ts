import { classify } from "../run/classify.ts";
import type { RunEvidence } from "../run/model.ts";
import type { RunSink } from "./sink.ts";

/**
 * True when `claude` was told to go on with a session and could not: it does not exist, or holds what the
 * provider refuses each time. When nothing was done, the run is begun again without it. Not for a run that is
 * to stop, nor for a Job that somebody else began.
 */
export function needsFreshSession(evidence: RunEvidence, stop: AbortSignal): boolean {
  const { given, end, transcript } = evidence;
  if (transcript.summary.toolCalls > 0) return false;
  if (stop.aborted || end.kind !== "ended" || given?.resume === undefined) return false;
  const { errorCode } = classify(evidence);
  return errorCode === "session_unavailable" || errorCode === "claude_session_poisoned";
}

export async function toldOfFreshSession(evidence: RunEvidence, sink: RunSink): Promise<void> {
  const session = evidence.given?.resume;
  const { errorCode, errorMessage } = classify(evidence);
  const text = `the session ${session} is of no use (${errorMessage}); the run begins again with a new one`;
  await sink.note(text);
  await sink.event("claude_k8s.session.fresh", text, { session, errorCode });
}
