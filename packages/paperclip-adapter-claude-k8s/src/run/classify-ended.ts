import type { JobEnd } from "@claude-k8s/job-watch";
import { buildPartialRunError } from "../report/partial-run-error.ts";
import { type ContainerEnd, describeTruncationCause } from "../report/pod-state.ts";
import { readVerdict } from "./classify-verdict.ts";
import { incomplete, interrupted, notStarted, type Outcome } from "./outcome.ts";
import type { RunEnd, RunEvidence } from "./model.ts";

/** A run whose Job came to an end of its own, or by somebody else's hand. First match wins. */
export function ended({ end }: Extract<RunEnd, { kind: "ended" }>, evidence: RunEvidence): Outcome {
  if (end.kind === "not-started") return neverStarted(end, evidence);
  if (end.kind === "deadline" || (end.kind === "exited" && end.exit.reason === "DeadlineExceeded"))
    return {
      errorCode: "timeout",
      errorMessage: "The Job's own time limit (activeDeadlineSeconds) passed",
      timedOut: true,
      recovery: "continue",
    };
  const exit = exitOf(end);
  const verdict = evidence.transcript.verdict(exit?.exitCode ?? null);
  const known = readVerdict(verdict, evidence.transcript.summary);
  if (known !== undefined) return known;
  return withoutResult(end, exit, evidence);
}

/** The shell's words when the image lacks the program, by which it exits with 127. */
const notFound = /claude: (not found|No such file)/i;

/** The program ended, and `claude` said no last word. */
function withoutResult(
  end: JobEnd,
  exit: ContainerEnd | undefined,
  evidence: RunEvidence,
): Outcome {
  const { transcript, job, pod } = evidence;
  const { summary } = transcript;
  const model = summary.model ?? "unknown";
  if (end.kind === "deleted")
    return interrupted(
      "k8s_job_deleted_externally",
      `K8s Job was deleted externally before Claude could complete [${[
        `detected_via=${end.evidence[0]?.source ?? "unknown"}`,
        `job=${job?.name}`,
        `namespace=${job?.namespace}`,
        `pod=${pod ?? "none"}`,
        `lines=${transcript.lines}`,
      ].join(", ")}]`,
    );
  if (end.kind === "lost")
    return interrupted(
      "k8s_pod_lost",
      `The pod was lost before Claude could complete: ${lossText(end)}`,
    );
  if (summary.end === "empty-response")
    return interrupted(
      "llm_api_error",
      `The model's reply was empty (stop_reason: null, output_tokens: 0; model: ${model}): the provider broke it off`,
    );
  if (summary.end === "truncated")
    return interrupted(
      "claude_truncated",
      `Claude's answer was truncated mid-stream (model: ${model}): ${describeTruncationCause(exit ?? null)}`,
    );
  if (transcript.lines === 0 && end.kind === "exited" && !end.sure)
    return notStarted(
      "k8s_pod_schedule_failed",
      `Pod ${pod ?? ""} ended before it ran: ${describeTruncationCause(exit ?? null)}`,
    );
  if (exit?.exitCode === 127 && transcript.lines <= 1 && notFound.test(transcript.head))
    return incomplete("The image has no `claude` command on its PATH");
  return {
    errorCode: "claude_init_failed",
    errorMessage: buildPartialRunError(
      exit?.exitCode ?? null,
      model,
      transcript.head,
      withoutEcho(exit, transcript.head),
    ),
    recovery: "continue",
  };
}

/** A container that fails without words of its own gets the end of its log for a message. */
function withoutEcho(exit: ContainerEnd | undefined, head: string): ContainerEnd | null {
  if (exit === undefined) return null;
  const isEcho = exit.message !== null && head.includes(exit.message.trim());
  return isEcho ? { ...exit, message: null } : exit;
}

function neverStarted(
  end: Extract<JobEnd, { kind: "not-started" }>,
  { pod }: RunEvidence,
): Outcome {
  const where = pod === undefined ? "" : ` (pod ${pod})`;
  const why = [end.reason, end.message].filter((text) => text !== "").join(": ");
  if (end.reason === "InvalidImageName")
    return incomplete(`The image's name is not valid: ${end.message}`);
  const text =
    end.reason === "CrashLoopBackOff" ? "The pod is in a crash loop" : startTexts[end.why];
  return notStarted("k8s_pod_schedule_failed", `${text}: ${why}${where}`);
}

const startTexts: Readonly<Record<Extract<JobEnd, { kind: "not-started" }>["why"], string>> = {
  unschedulable: "The pod is unschedulable",
  image: "The pod cannot start, image pull failed",
  config: "The pod cannot start",
  quota: "The pod was not created for quota",
  admission: "The pod was refused by the cluster",
  init: "The pod cannot start",
  deadline: "The pod did not start in time",
};

export function exitOf(end: JobEnd): ContainerEnd | undefined {
  const exit = "exit" in end ? end.exit : undefined;
  if (exit === undefined) return undefined;
  return {
    exitCode: exit.code ?? null,
    reason: exit.reason ?? null,
    message: exit.message ?? null,
    signal: exit.signal ?? null,
  };
}

function lossText(end: Extract<JobEnd, { kind: "lost" }>): string {
  const words = {
    evicted: "evicted",
    preempted: "preempted",
    node: "its node was lost",
    "pod-deleted": "deleted",
  };
  return words[end.why];
}
