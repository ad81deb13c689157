import { deleteJob, deletePod, evict, offerSlot, preempt, slotContainer, suspend } from "./acts.ts";
import { runs, type State } from "./state.ts";

const obedient = "trap 'exit 143' TERM; while :; do sleep 0.1; done";
/** As process 1 a shell without a handler does not see the signal. */
const deaf = "while :; do sleep 0.1; done";

/** How a program that has started comes to an end, of itself or by others. */
export const endings: readonly State[] = [
  {
    name: "success",
    script: "echo hello; sleep 1",
    end: { kind: "exited", sure: true, exit: { code: 0, reason: "Completed" } },
    evidence: /pod .* terminated, code 0/,
  },
  {
    name: "exit-3",
    script: "sleep 1; exit 3",
    end: { kind: "exited", sure: true, exit: { code: 3, reason: "Error" } },
    evidence: /pod .* terminated, code 3/,
  },
  {
    name: "out-of-memory",
    script: "sleep 1; tail /dev/zero",
    container: { resources: { limits: { memory: "24Mi" } } },
    end: { kind: "exited", sure: true, exit: { code: 137, oom: { limit: "24Mi" } } },
    evidence: /OOMKilled/,
  },
  {
    name: "deadline",
    script: obedient,
    spec: { activeDeadlineSeconds: 3 },
    end: { kind: "deadline", sure: true },
    evidence: /DeadlineExceeded/,
  },
  {
    name: "deadline-deaf",
    script: deaf,
    spec: { activeDeadlineSeconds: 3 },
    end: { kind: "deadline", sure: true },
    evidence: /DeadlineExceeded/,
  },
  {
    name: "job-deleted",
    script: obedient,
    act: { when: runs, does: deleteJob("Foreground") },
    end: { kind: "deleted", sure: true },
    evidence: /Job: .*deleted/,
  },
  {
    name: "job-deleted-background",
    script: obedient,
    act: { when: runs, does: deleteJob("Background") },
    end: { kind: "deleted", sure: true },
    evidence: /Job: /,
  },
  {
    name: "pod-deleted",
    script: obedient,
    act: { when: runs, does: deletePod },
    end: { kind: "lost", why: "pod-deleted", sure: true },
    evidence: /pod .* deleted/,
  },
  {
    name: "evicted",
    script: obedient,
    act: { when: runs, does: evict },
    end: { kind: "lost", why: "evicted", sure: true },
    evidence: /EvictionByEvictionAPI/,
  },
  {
    name: "preempted",
    script: obedient,
    container: slotContainer,
    prepare: offerSlot,
    act: { when: runs, does: preempt },
    end: { kind: "lost", why: "preempted", sure: true },
    evidence: /PreemptionByScheduler/,
    needs: "whole-node",
    emulated: false,
  },
  {
    name: "disk-full",
    script: "head -c 30000000 /dev/zero > /tmp/full; while :; do sleep 0.1; done",
    container: {
      resources: { limits: { "ephemeral-storage": "2Mi" } },
      volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
    },
    pod: { volumes: [{ name: "tmp", emptyDir: { sizeLimit: "1Mi" } }] },
    recordMs: 100_000,
    end: { kind: "lost", why: "evicted", sure: true },
    evidence: /Evicted|TerminationByKubelet/,
    emulated: false,
  },
  {
    name: "suspended-later",
    script: obedient,
    act: { when: runs, does: suspend },
    recordMs: 10_000,
    end: { kind: "lost", why: "pod-deleted", sure: true },
    evidence: /suspended/,
  },
  {
    name: "sidecar-goes-on",
    script: "sleep 1; exit 0",
    pod: { containers: [{ name: "other", command: ["sh", "-c", deaf] }] },
    recordMs: 6_000,
    end: { kind: "exited", sure: true, exit: { code: 0 } },
  },
  {
    name: "native-sidecar",
    script: "sleep 1; exit 4",
    pod: {
      initContainers: [{ name: "side", restartPolicy: "Always", command: ["sh", "-c", deaf] }],
    },
    end: { kind: "exited", sure: true, exit: { code: 4 } },
  },
  {
    name: "no-such-command",
    container: { command: ["/nobody/here"] },
    end: { kind: "exited", sure: true, exit: { code: 128, reason: "StartError" } },
  },
  {
    name: "expired",
    script: "sleep 1; exit 0",
    spec: { ttlSecondsAfterFinished: 1 },
    end: { kind: "exited", sure: true, exit: { code: 0 } },
  },
  {
    name: "second-pod",
    script: "sleep 1; exit 1",
    spec: { backoffLimit: 1 },
    recordMs: 16_000,
    end: { kind: "exited", sure: true, exit: { code: 1 } },
  },
  {
    name: "node-away",
    script: "sleep 100; exit 5",
    act: { when: runs, does: async () => {} },
    recordMs: 160_000,
    end: { kind: "exited", sure: true, exit: { code: 5 } },
    needs: "kubelet-down",
    emulated: false,
  },
];
