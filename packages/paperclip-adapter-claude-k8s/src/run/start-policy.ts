import type { JobPolicy } from "@claude-k8s/job-watch";
import type { Settings } from "../settings/types.ts";

/** How long a program may take to start, as the settings have it. */
export function startPolicy({ unschedulableWaitSec, imagePullGraceSec }: Settings): JobPolicy {
  const imageGraceMs = imagePullGraceSec * 1_000;
  return unschedulableWaitSec === 0
    ? { unschedulable: "fail", imageGraceMs }
    : { unschedulable: "wait", scheduleTimeoutMs: unschedulableWaitSec * 1_000, imageGraceMs };
}
