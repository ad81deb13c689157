import { expect, test } from "vitest";
import { type JobEvent, phaseTimes, type RunPhase } from "../src/index.ts";
import type { PodNews } from "../src/level.ts";
import type { Seen } from "../src/observe.ts";
import { phaseOf } from "../src/phase.ts";
import {
  condition,
  job,
  jobDeleting,
  jobSuspended,
  levelOf,
  pod,
  podGone,
  proven,
  running,
  waiting,
} from "./levels.ts";

const onNode = { spec: { nodeName: "n" } };
const unscheduled = pod({
  phase: "Pending",
  conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1" }],
});
const creating = pod(
  { phase: "Pending", containerStatuses: [waiting("ContainerCreating")] },
  onNode,
);
const news = (told: Partial<PodNews>): Seen => ({
  kind: "news",
  news: { pod: "p", readAt: 0, ...told },
});
const refused: Seen = { kind: "warning", warning: { reason: "FailedCreate", message: "no quota" } };

test.each<[when: string, facts: Seen[], phase: object | undefined]>([
  ["nothing was seen", [], undefined],
  ["there is a Job", [job()], { phase: "queued" }],
  ["its pods are refused", [job(), refused], { phase: "queued", detail: "no quota" }],
  ["it is suspended", [jobSuspended], { phase: "queued", detail: "the Job is suspended" }],
  ["its pod is new", [job(), pod()], { phase: "scheduling" }],
  ["no node fits", [job(), unscheduled], { phase: "scheduling", detail: "0/1" }],
  [
    "a node is being added",
    [job(), unscheduled, news({ scaleUp: "1->2" })],
    { phase: "scheduling", detail: "0/1 (a node is being added: 1->2)" },
  ],
  ["it has a node", [job(), creating], { phase: "starting" }],
  [
    "its image is pulled",
    [job(), creating, news({ latest: { reason: "Pulling", message: "Pulling image x" } })],
    { phase: "pulling", detail: "Pulling image x" },
  ],
  [
    "its image cannot be pulled",
    [job(), pod({ containerStatuses: [waiting("ErrImagePull", "no")] }, onNode)],
    { phase: "pulling", detail: "no" },
  ],
  [
    "it runs",
    [job(), pod({ phase: "Running", containerStatuses: [running] })],
    { phase: "running" },
  ],
  ["it has terminated", [job(), pod({ containerStatuses: [proven(0)] })], { phase: "ending" }],
  ["its Job is being deleted", [jobDeleting, creating], { phase: "ending" }],
  [
    "its Job's outcome is certain",
    [job(condition("FailureTarget")), creating],
    { phase: "ending" },
  ],
  ["its pod has gone", [job(), creating, podGone], { phase: "ending" }],
])("when %s", (_when, facts, phase) => {
  expect(phaseOf(levelOf(...facts))).toEqual(phase);
});

function at(phase: RunPhase, ms: number): JobEvent {
  return { type: "phase", phase, at: ms };
}

test("the times of the phases add up to what has passed", () => {
  const events: JobEvent[] = [
    at("queued", 100),
    at("scheduling", 150),
    { type: "pod", pod: { name: "p" } },
    at("pulling", 200),
    at("starting", 900),
    at("pulling", 950),
    at("running", 1_000),
  ];
  const times = phaseTimes(events, 4_000);
  expect(times).toEqual({ queued: 50, scheduling: 50, pulling: 750, starting: 50, running: 3_000 });
  expect(Object.values(times).reduce((sum, ms) => sum + ms, 0)).toBe(3_900);
  expect(phaseTimes([], 5)).toEqual({});
});
