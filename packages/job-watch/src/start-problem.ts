import { mainOf } from "./facts.ts";
import { imageGraceMs } from "./image-problem.ts";
import type { JobLevel } from "./level.ts";
import { podKey } from "./pod-key.ts";
import type { Policy } from "./policy.ts";
import type { ContainerSnapshot, PodSnapshot } from "./snapshot-types.ts";
import type { NotStartedWhy } from "./types.ts";

/** What keeps a pod from starting, in the words of who said so. */
export type StartProblem = {
  readonly why: NotStartedWhy;
  readonly reason: string;
  readonly message: string;
  /** How long it may last, in milliseconds; 0: certain, or not worth waiting. */
  readonly graceMs: number;
  /** Known from an event, which tells of a moment: when it was last read that nothing newer came. */
  readonly saidAt?: number;
};

const imageReasons = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

const configReasons = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PostStartHookError",
]);

/** Volumes are the one thing whose lack shows in events alone. */
const volumeReasons = new Set(["FailedMount", "FailedAttachVolume", "FailedMapVolume"]);

/** Why the level's pod does not start, if something is known to keep it from that. */
export function startProblem(level: JobLevel, policy: Policy): StartProblem | undefined {
  const { pod, container } = level;
  if (pod === undefined) return undefined;
  const unscheduled = unschedulable(pod);
  if (unscheduled !== undefined)
    return {
      why: "unschedulable",
      reason: "Unschedulable",
      message: unscheduled,
      graceMs: policy.unschedulable === "fail" ? 0 : policy.scheduleTimeoutMs,
    };
  for (const one of pod.initContainers) {
    const problem = waitingProblem(one, "init", policy);
    if (problem !== undefined) return problem;
  }
  const main = mainOf(pod, container);
  return (main && waitingProblem(main, "main", policy)) ?? volumeProblem(level, policy);
}

/** The scheduler's words, while it finds no node. */
export function unschedulable({ conditions }: PodSnapshot): string | undefined {
  const found = conditions.find(
    ({ type, status, reason }) =>
      type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  return found && (found.message ?? "");
}

function volumeProblem({ pod, news }: JobLevel, policy: Policy): StartProblem | undefined {
  if (pod === undefined || news?.pod !== podKey(pod) || news.latest === undefined) return undefined;
  if (!volumeReasons.has(news.latest.reason)) return undefined;
  const graceMs = policy.configGraceMs;
  return { why: "config", ...news.latest, graceMs, saidAt: news.readAt };
}

function waitingProblem(
  { name, state }: ContainerSnapshot,
  role: "init" | "main",
  policy: Policy,
): StartProblem | undefined {
  if (state.kind !== "waiting" || state.reason === undefined) return undefined;
  const { reason } = state;
  const subject = role === "init" ? `init container ${name}` : `container ${name}`;
  const message = state.message === undefined ? subject : `${subject}: ${state.message}`;
  // No later look will find a malformed name well-formed.
  if (reason === "InvalidImageName") return { why: "image", reason, message, graceMs: 0 };
  if (imageReasons.has(reason)) {
    // The first refusal is often the registry's hiccup; the kubelet backing off means repeated ones.
    const backsOff = role === "init" && reason === "ImagePullBackOff";
    const graceMs = backsOff ? policy.initImageGraceMs : imageGraceMs(message, policy);
    return { why: "image", reason, message, graceMs };
  }
  if (configReasons.has(reason))
    return { why: "config", reason, message, graceMs: policy.configGraceMs };
  if (reason === "CrashLoopBackOff")
    return { why: role === "init" ? "init" : "config", reason, message, graceMs: 0 };
  return undefined;
}
