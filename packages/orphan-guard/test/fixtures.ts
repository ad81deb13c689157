import { annotations, type Claim, type KnownJob } from "../src/index.ts";

export function claim(changes: Partial<Claim> = {}): Claim {
  return {
    guardKey: "agent:a",
    agentId: "a",
    runId: "run-2",
    taskId: "task-a",
    sessionId: "s-1",
    allowReattach: true,
    ...changes,
  };
}

type JobChanges = Partial<KnownJob> & {
  readonly runId?: string;
  readonly taskId?: string;
  readonly sessionId?: string;
  readonly guardKey?: string;
  readonly cancelRequested?: string;
};

/** What a creation leaves on a Job that was not let go. */
export const neverLetGo: Partial<KnownJob> = {
  suspended: true,
  readyPods: 0,
  annotations: { [annotations.createId]: "nonce" },
};

/** What says of a Job that an earlier version made it: labels, from which characters may be missing. */
export function labelled(runId: string, taskId: string, sessionId = ""): Partial<KnownJob> {
  const ids = {
    "paperclip.io/run-id": runId,
    "paperclip.io/task-id": taskId,
    "paperclip.io/session-id": sessionId,
  };
  return {
    annotations: {},
    labels: Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== "")),
  };
}

/** A Job that runs for `run-1` of `task-a`, its ids in annotations. An empty id is left out. */
export function job({
  runId,
  taskId,
  sessionId,
  guardKey,
  cancelRequested,
  ...changes
}: JobChanges = {}): KnownJob {
  const ids = {
    [annotations.runId]: runId ?? "run-1",
    [annotations.taskId]: taskId ?? "task-a",
    [annotations.sessionId]: sessionId ?? "s-1",
    [annotations.guardKey]: guardKey ?? "",
    [annotations.cancelRequested]: cancelRequested ?? "",
    [annotations.resumedAt]: "2026-01-01T00:00:00.000Z",
  };
  return {
    name: "job-1",
    namespace: "agents",
    creationTimestamp: "2026-01-01T00:00:00Z",
    labels: {},
    annotations: Object.fromEntries(Object.entries(ids).filter(([, id]) => id !== "")),
    suspended: false,
    readyPods: 1,
    terminatingPods: 0,
    ended: undefined,
    ...changes,
  };
}
