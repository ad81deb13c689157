import type { ContainerExit, JobEnd } from "@claude-k8s/job-watch";
import { buildPartialRunError } from "../report/partial-run-error.ts";
import { type ContainerEnd, describeTruncationCause } from "../report/pod-state.ts";
import { exitOf } from "./exit-of.ts";
import type { RunEvidence } from "./model.ts";
import { incomplete, interrupted, notStarted, type Outcome } from "./outcome.ts";

/** The shell's words when the image lacks the program, by which it exits with 127. */
const notFound = /claude: (not found|No such file)/i;

/** The shell's words when something is not there without which the program must not start; it exits with 66. */
const missing = /^claude-k8s-run: (\/.*) is not there$/m;

type EndedWithoutResult = Exclude<JobEnd, { kind: "not-started" } | { kind: "deadline" }>;

/** The program ended, and `claude` said no last word. First match wins. */
export function withoutResult(end: EndedWithoutResult, evidence: RunEvidence): Outcome {
  const { transcript, pod } = evidence;
  const { summary } = transcript;
  const model = summary.model ?? "unknown";
  const exit = exitOf(end);
  const state = withoutEcho(stateOf(exit), transcript.head);
  if (end.kind === "repeated") return repeated(end);
  if (end.kind === "deleted") return deleted(end, evidence);
  if (end.kind === "lost") return lost(end);
  const oom = isOutOfMemory(exit) ? outOfMemory(exit, evidence) : undefined;
  if (
    summary.end === "truncated" ||
    (summary.end === "empty-response" && exit?.signal !== undefined && oom === undefined)
  ) {
    const cut = `Claude's answer was truncated mid-stream (model: ${model}): ${describeTruncationCause(state)}`;
    return oom === undefined
      ? interrupted("claude_truncated", cut)
      : { ...interrupted("claude_truncated", `${cut}. ${oom}`), cause: "oom" };
  }
  if (transcript.lines === 0 && !end.sure)
    return notStarted(
      "k8s_pod_schedule_failed",
      `Pod ${pod ?? ""} ended before it ran: ${describeTruncationCause(state)}`,
    );
  if (oom !== undefined)
    return {
      ...interrupted("k8s_oom_killed", `${describeTruncationCause(state)}. ${oom}`),
      cause: "oom",
    };
  // Of a program that was killed, an empty reply says only that there was no time for more.
  if (summary.end === "empty-response" && exit?.signal === undefined)
    return interrupted(
      "llm_api_error",
      `The model's reply was empty (stop_reason: null, output_tokens: 0; model: ${model}): the provider broke it off`,
    );
  if (exit?.code === 127 && transcript.lines <= 1 && notFound.test(transcript.head))
    return incomplete("The image has no `claude` command on its PATH");
  const [, path] = (exit?.code === 66 && missing.exec(transcript.head)) || [];
  if (path !== undefined && transcript.lines <= 1) return notFoundOnVolume(path);
  return {
    errorCode: "claude_init_failed",
    errorMessage: buildPartialRunError(exit?.code ?? null, model, transcript.head, state),
    recovery: "continue",
  };
}

/** The node made an empty folder in its place: without a word the run would go without skills. */
function notFoundOnVolume(path: string): Outcome {
  const message = `The pod did not find what the server put on the volume for it: ${path} is not there. The server writes it anew for the next run; when this repeats, its claim is not the one that pods mount`;
  return { ...notStarted("k8s_pod_schedule_failed", message), cause: "volume" };
}

/** Nobody knows which of the two did what. */
function repeated(end: EndedWithoutResult): Outcome {
  return {
    errorCode: "k8s_run_repeated",
    errorMessage: `The Job has started a second pod, so the program ran twice: ${factsOf(end)}`,
    cause: "repeated",
  };
}

function deleted(end: EndedWithoutResult, { transcript, job, pod }: RunEvidence): Outcome {
  const facts = [
    `detected_via=${end.evidence[0]?.source ?? "unknown"}`,
    `job=${job?.name}`,
    `namespace=${job?.namespace}`,
    `pod=${pod ?? "none"}`,
    `lines=${transcript.lines}`,
  ].join(", ");
  const message = `K8s Job was deleted externally before Claude could complete [${facts}]: ${factsOf(end)}`;
  return { ...interrupted("k8s_job_deleted_externally", message), cause: "deleted" };
}

function lost(end: Extract<JobEnd, { kind: "lost" }>): Outcome {
  const message = `The pod was lost before Claude could complete: ${lostTexts[end.why]} (${factsOf(end)})`;
  return { ...interrupted("k8s_pod_lost", message), cause: end.why };
}

const lostTexts: Readonly<Record<Extract<JobEnd, { kind: "lost" }>["why"], string>> = {
  evicted: "evicted",
  preempted: "preempted by a pod of higher priority",
  node: "its node was lost",
  "pod-deleted": "deleted",
};

/** What was seen, in the words of job-watch: who or what ended it, as far as anything says so. */
function factsOf({ evidence }: JobEnd): string {
  return evidence.map(({ fact }) => fact).join("; ");
}

function isOutOfMemory(exit: ContainerExit | undefined): boolean {
  return exit?.oom !== undefined || exit?.reason === "OOMKilled";
}

/** The same again meets the same limit, so the advice is part of the message. */
function outOfMemory(exit: ContainerExit | undefined, { transcript }: RunEvidence): string {
  const limit = exit?.oom?.limit;
  const { lastTool } = transcript;
  const at = lastTool === undefined ? "" : `; its last tool call was ${lastTool}`;
  const which = limit === undefined ? "its limit is not known" : `limit ${limit}`;
  return `The container ran out of memory (${which}${at}). Raise resources.limits.memory, or let the agent do less at a time: the same again meets the same limit`;
}

/** The exit in the words of the reports. */
function stateOf(exit: ContainerExit | undefined): ContainerEnd | null {
  if (exit === undefined) return null;
  return {
    exitCode: exit.code ?? null,
    reason: exit.reason ?? null,
    message: exit.message ?? null,
    signal: exit.signal ?? null,
  };
}

/** So much of a log's end the kubelet takes for a message, in bytes; the first line is then a piece of one. */
const echoBytes = 2_048;

/**
 * A container that fails without words of its own gets the end of its log for a message. What of that is the
 * protocol says nothing to a person, and what was read already is not said twice.
 */
function withoutEcho(state: ContainerEnd | null, head: string): ContainerEnd | null {
  if (state === null || state.message === null) return state;
  const isCut = Buffer.byteLength(state.message) >= echoBytes;
  const lines = state.message.split("\n").slice(isCut ? 1 : 0);
  const words = lines
    .filter((line) => !line.startsWith('{"'))
    .join("\n")
    .trim();
  return { ...state, message: words === "" || head.includes(words) ? null : words };
}
