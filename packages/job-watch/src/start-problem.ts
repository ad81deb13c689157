import type { Policy } from "./policy.ts";
import type { ContainerSnapshot, PodSnapshot } from "./snapshot-types.ts";
import type { NotStartedWhy } from "./types.ts";

/** What keeps a pod from starting, in the words of who said so. */
type StartProblem = {
  readonly why: NotStartedWhy;
  readonly reason: string;
  readonly message: string;
  /** How long it may last, in milliseconds; 0: certain, or not worth waiting. */
  readonly graceMs: number;
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

/** Why this pod does not start, if something is known to keep it from that. */
export function startProblem(
  pod: PodSnapshot,
  container: string,
  policy: Policy,
): StartProblem | undefined {
  const unscheduled = pod.conditions.find(
    ({ type, status, reason }) =>
      type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  );
  if (unscheduled !== undefined)
    return {
      why: "unschedulable",
      reason: "Unschedulable",
      message: unscheduled.message ?? "",
      graceMs: policy.unschedulable === "fail" ? 0 : policy.scheduleTimeoutMs,
    };
  for (const one of pod.initContainers) {
    const problem = waitingProblem(one, "init", policy);
    if (problem !== undefined) return problem;
  }
  const main = pod.containers.find(({ name }) => name === container);
  return main && waitingProblem(main, "main", policy);
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
    const graceMs = backsOff ? policy.initImageGraceMs : policy.imageGraceMs;
    return { why: "image", reason, message, graceMs };
  }
  if (configReasons.has(reason))
    return { why: "config", reason, message, graceMs: policy.configGraceMs };
  if (reason === "CrashLoopBackOff")
    return { why: role === "init" ? "init" : "config", reason, message, graceMs: 0 };
  return undefined;
}
