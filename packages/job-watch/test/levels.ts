import type {
  RawContainerStatus,
  RawCondition,
  RawPod,
  RawTerminated,
} from "../src/kube-objects.ts";
import type { JobLevel } from "../src/level.ts";
import { observe, type Seen, unseen } from "../src/observe.ts";
import { policyFrom } from "../src/policy.ts";
import { jobSnapshot, podSnapshot } from "../src/snapshot.ts";

export function job(...conditions: RawCondition[]): Seen {
  return { kind: "job", job: jobSnapshot({ metadata: { uid: "j" }, status: { conditions } }) };
}

export const jobGone: Seen = { kind: "job", job: "gone" };
export const jobDeleting: Seen = {
  kind: "job",
  job: jobSnapshot({ metadata: { uid: "j", deletionTimestamp: "2026-01-01T00:00:00Z" } }),
};
export const jobSuspended: Seen = {
  kind: "job",
  job: jobSnapshot({ metadata: { uid: "j" }, spec: { suspend: true } }),
};
export const podGone: Seen = { kind: "pod-gone", pod: "p" };

export function condition(type: string, reason?: string, message?: string): RawCondition {
  return { type, status: "True", reason: reason ?? null, message: message ?? null };
}

export function pod(status: RawPod["status"] = {}, extra: RawPod = {}): Seen {
  const metadata = { name: "pod-a", uid: "p", ...extra.metadata };
  return {
    kind: "pod",
    pod: podSnapshot({ spec: {}, ...extra, metadata, ...(status && { status }) }),
  };
}

export const running: RawContainerStatus = { name: "main", state: { running: {} } };

export function waiting(reason: string, message?: string, name = "main"): RawContainerStatus {
  return { name, state: { waiting: { reason, message: message ?? null } } };
}

/** As the kubelet writes it from the runtime's word. */
export function proven(exitCode: number, more: RawTerminated = {}): RawContainerStatus {
  const terminated = {
    exitCode,
    containerID: "containerd://c",
    finishedAt: "2026-01-01T00:00:09Z",
    ...more,
  };
  return {
    name: "main",
    state: { terminated: { startedAt: "2026-01-01T00:00:01Z", ...terminated } },
  };
}

export function weak(
  exitCode: number | null,
  more: RawTerminated = {},
  name = "main",
): RawContainerStatus {
  return { name, state: { terminated: { exitCode, ...more } } };
}

/** The level after these facts, all seen at time 0. */
export function levelOf(...facts: Seen[]): JobLevel {
  const policy = policyFrom();
  return facts.reduce((level, fact) => observe(level, fact, policy, 0), unseen("main"));
}
