import { interrupted, type Outcome } from "./outcome.ts";
import type { RunEnd, RunEvidence, StopOutcome } from "./model.ts";

/** The exit code of a program that did not end at SIGTERM and was killed. */
const sigkill = 137;

/** A run that was ended from outside. */
export function stopped(
  { reason, outcome, exit }: Extract<RunEnd, { kind: "stopped" }>,
  evidence: RunEvidence,
): Outcome {
  switch (reason.kind) {
    case "cancelled":
      return {
        errorCode: "cancelled",
        errorMessage:
          outcome?.kind === "left"
            ? `${reason.message}; not verified: ${outcome.what}`
            : reason.message,
        recovery: afterStop(outcome, evidence),
        // A run that never had a Job has nothing left to verify.
        ...(outcome === undefined ? { acknowledged: { forced: false } } : {}),
        ...(outcome?.kind === "gone"
          ? { acknowledged: { forced: outcome.forced || exit?.code === sigkill } }
          : {}),
      };
    case "deadline":
      return {
        errorCode: "timeout",
        errorMessage: `Timed out after ${reason.limitMs / 1_000} s`,
        timedOut: true,
        recovery: evidence.mayHaveStarted ? "continue" : "bootstrap",
      };
    case "host-shutdown":
      return interrupted("k8s_run_detached", `The server is shutting down; ${goesOn(evidence)}`);
    case "lease-lost":
      return interrupted(
        "k8s_run_detached",
        `The server lost its lease on this run; ${goesOn(evidence)}`,
      );
    default:
      return reason satisfies never;
  }
}

/** Nothing half done and the session safe: then the host may simply go on with the conversation. */
function afterStop(
  outcome: StopOutcome | undefined,
  evidence: RunEvidence,
): NonNullable<Outcome["recovery"]> {
  if (!evidence.mayHaveStarted) return "bootstrap";
  const { hasOpenToolCall } = evidence.transcript;
  const isSettled = outcome?.kind === "gone" && evidence.sessionKept && !hasOpenToolCall;
  return isSettled ? "settled" : "continue";
}

function goesOn({ job }: RunEvidence): string {
  return job === undefined ? "no Job was created" : `the Job ${job.name} goes on`;
}
