import { mainOf } from "./facts.ts";
import { graceOf } from "./grace-of.ts";
import type { JobLevel } from "./level.ts";
import { isNodeInDoubt } from "./node-trouble.ts";
import { podKey } from "./pod-key.ts";
import { present } from "./present.ts";
import { unschedulable } from "./start-problem.ts";

/** What a level leaves open, and neither the Job nor its pod will say. */
export type Question = {
  readonly about:
    | { readonly kind: "job-events" }
    | { readonly kind: "pod-events"; readonly name: string; readonly uid?: string }
    | { readonly kind: "node"; readonly name: string };
  /** The same for as long as it is the same question. */
  readonly key: string;
  /** When to ask, in milliseconds each after the one before; the last again and again. */
  readonly delaysMs: readonly number[];
};

/** Pods are usually created within a second; one that was refused says so only in an event. */
const podlessMs = [1_000, 4_000, 30_000, 60_000];
/** Autoscalers look every ten seconds. */
const unscheduledMs = [1_000, 14_000, 60_000];
/** Most programs start within a second or two. An event tells of the pull, or of a missing volume. */
const startingMs = [2_000, 8_000, 25_000, 60_000];
const doubtMs = [0, 10_000];

/** The question of a level, if there is one. Pure. */
export function questionOf(level: JobLevel): Question | undefined {
  const { pod, since, hasRun, container } = level;
  if (since.podless !== undefined)
    return { about: { kind: "job-events" }, key: "podless", delaysMs: podlessMs };
  if (pod === undefined || level.podGone) return undefined;
  if (isNodeInDoubt(level) && pod.node !== undefined) {
    const about = { kind: "node", name: pod.node } as const;
    if (!pod.deleting) return { about, key: `node ${pod.node}`, delaysMs: doubtMs };
    // A pod that was asked to go has its grace, and its kubelet a moment more.
    const delaysMs = [graceOf(pod) + 5_000, 10_000, 30_000];
    return { about, key: `node ${pod.node} deleting`, delaysMs };
  }
  if (hasRun || pod.deleting) return undefined;
  const about = { kind: "pod-events", name: pod.name, ...present({ uid: pod.uid }) } as const;
  if (unschedulable(pod) !== undefined)
    return { about, key: `unscheduled ${podKey(pod)}`, delaysMs: unscheduledMs };
  const states = [...pod.initContainers, mainOf(pod, container)].map((one) => one?.state);
  const isQuiet = states.every(
    (state) =>
      state === undefined ||
      (state.kind === "waiting" && quietReasons.has(state.reason ?? "ContainerCreating")),
  );
  if (pod.node === undefined || !isQuiet) return undefined;
  return { about, key: `starting ${podKey(pod)}`, delaysMs: startingMs };
}

/** The kubelet's words for "I am at it". */
const quietReasons = new Set(["ContainerCreating", "PodInitializing"]);
