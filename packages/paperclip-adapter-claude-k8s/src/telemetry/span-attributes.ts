import type { Attributes } from "@opentelemetry/api";
import { taskIdOf } from "../host/task-id.ts";
import { exitOf } from "../run/exit-of.ts";
import type { RunEvidence } from "../run/model.ts";
import type { RunNames, RunResult } from "./telemetry.ts";

/** The program chooses what it calls its session. */
const nameLength = 200;
/** As much of a message as a list of traces shows. */
const messageLength = 500;

/** Of a run's span at its begin, where a sampler sees them. Pure. */
export function namesOf({ runId, agent, context }: RunNames): Attributes {
  const taskId = taskIdOf(context);
  return {
    "claude_k8s.run_id": runId,
    "claude_k8s.agent_id": agent.id,
    ...(taskId === undefined ? {} : { "claude_k8s.task_id": taskId }),
  };
}

/** Of a run's span when it is known what a Job came to. Pure. */
export function evidenceOf(
  { job, pod, end, transcript, history }: RunEvidence,
  redact: (text: string) => string,
): Attributes {
  const exit =
    end.kind === "ended" ? exitOf(end.end) : end.kind === "stopped" ? end.exit : undefined;
  const { sessionId } = transcript.summary;
  const all: Attributes = {
    "k8s.namespace.name": job?.namespace,
    "k8s.job.name": job?.name,
    "k8s.job.uid": job?.uid,
    "k8s.pod.name": pod,
    "k8s.node.name": history.node,
    "claude_k8s.reattached": job?.reattached,
    "claude_k8s.end": end.kind === "ended" ? end.end.kind : end.kind,
    "claude_k8s.stopped_for": end.kind === "stopped" ? end.reason.kind : undefined,
    "claude_k8s.log": end.kind === "ended" ? end.logEnd : undefined,
    "claude_k8s.exit_code": exit?.code,
    "claude_k8s.session_id":
      sessionId === undefined ? undefined : redact(sessionId).slice(0, nameLength),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

/** Of a run's span when it failed; nothing otherwise. Pure. */
export function failureOf({ errorCode }: RunResult): Attributes {
  return errorCode == null ? {} : { "claude_k8s.error_code": errorCode, "error.type": errorCode };
}

/** A failure in words: its code, and its message without secrets. Pure. */
export function failureText(
  { errorCode, errorMessage }: RunResult,
  redact: (text: string) => string,
): string {
  const text = errorMessage == null ? errorCode : `${errorCode}: ${redact(errorMessage)}`;
  return (text ?? "").slice(0, messageLength);
}
