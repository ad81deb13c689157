import type { StopReason } from "../cancel/stop-reason.ts";
import { readVerdict } from "./classify-verdict.ts";
import { interrupted, notStarted, type Outcome } from "./outcome.ts";
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
        errorMessage: `${reason.message}${notVerified(outcome)}`,
        recovery: afterStop(outcome, evidence),
        // A run that never had a Job has nothing left to verify.
        ...(outcome === undefined ? { acknowledged: { forced: false } } : {}),
        ...(outcome?.kind === "gone"
          ? { acknowledged: { forced: outcome.forced || exit?.code === sigkill } }
          : {}),
      };
    case "deadline":
      return limitPassed(reason, outcome, evidence);
    case "after-result": {
      const { transcript } = evidence;
      const known = readVerdict(transcript.verdict(exit?.code ?? null), transcript.summary);
      // This limit counts from a result, so there is one.
      return { ...known, cause: "after-result-limit" };
    }
    case "host-shutdown":
      return interrupted("k8s_run_detached", `The server is shutting down; ${goesOn(evidence)}`);
    case "lease-lost":
      return interrupted(
        "k8s_run_detached",
        `The server lost its lease on this run; ${goesOn(evidence)}`,
      );
    case "taken-over":
      return interrupted(
        "k8s_run_detached",
        `Another server follows the Job ${evidence.job?.name} by now: ${reason.why}`,
      );
    default:
      return reason satisfies never;
  }
}

function limitPassed(
  { limit, limitMs }: Extract<StopReason, { kind: "deadline" }>,
  outcome: StopOutcome | undefined,
  { mayHaveStarted, pod }: RunEvidence,
): Outcome {
  const seconds = `${limitMs / 1_000} s`;
  const left = notVerified(outcome);
  const recovery = mayHaveStarted ? "continue" : "bootstrap";
  switch (limit) {
    case "run":
      return {
        errorCode: "timeout",
        errorMessage: `Timed out after ${seconds}${left}`,
        cause: "run-limit",
        timedOut: true,
        recovery,
      };
    case "idle":
      return {
        errorCode: "timeout",
        errorMessage: `Timed out: Claude wrote nothing for ${seconds} (idleSec)${left}`,
        cause: "idle-limit",
        timedOut: true,
        recovery,
      };
    case "start":
      return {
        ...notStarted(
          "k8s_pod_schedule_failed",
          `Pod ${pod ?? ""} had a node and did not start within ${seconds} (startTimeoutSec)${left}`,
        ),
        cause: "start-limit",
        recovery,
      };
    default:
      return limit satisfies never;
  }
}

function notVerified(outcome: StopOutcome | undefined): string {
  return outcome?.kind === "left" ? `; not verified: ${outcome.what}` : "";
}

/** A stop that came when there was nothing left to stop: its proof is the run's own end. */
export function acknowledgedLate(
  outcome: Outcome,
  reason: StopReason | undefined,
  { end, job }: RunEvidence,
): Outcome {
  if (reason?.kind !== "cancelled" || end.kind === "stopped") return outcome;
  const hasEnded = end.kind === "ended" && end.end.kind === "exited" && end.end.sure;
  const neverWas = job === undefined && end.kind !== "fault";
  return hasEnded || neverWas ? { ...outcome, acknowledged: { forced: false } } : outcome;
}

/** Nothing half done and the session safe: then the host may simply go on with the conversation. */
function afterStop(
  outcome: StopOutcome | undefined,
  evidence: RunEvidence,
): NonNullable<Outcome["recovery"]> {
  // What is left may yet start.
  if (!evidence.mayHaveStarted && outcome?.kind !== "left") return "bootstrap";
  const { hasOpenToolCall } = evidence.transcript;
  const isSettled = outcome?.kind === "gone" && evidence.sessionKept && !hasOpenToolCall;
  return isSettled ? "settled" : "continue";
}

function goesOn({ job }: RunEvidence): string {
  return job === undefined ? "no Job was created" : `the Job ${job.name} goes on`;
}
