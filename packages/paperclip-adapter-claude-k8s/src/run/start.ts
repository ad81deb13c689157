import { type Admission, exclusively } from "@claude-k8s/orphan-guard";
import { realClock, unlessAborted } from "@claude-k8s/kube-http";
import { type StopReason, stopReason } from "../cancel/stop-reason.ts";
import type { Supervision } from "../cluster/supervision.ts";
import { build } from "./build.ts";
import type { Cluster } from "./cluster.ts";
import { type BuiltRun, create } from "./create.ts";
import { claimOf, guard, guardKey } from "./guard.ts";
import type { HistoryBook, RunStep } from "./history.ts";
import { type JobHold, plainHold, supervisedHold } from "./job-hold.ts";
import type { JobHandle, RunEnd, RunInputs, RunRequest, Stage, StopOutcome } from "./model.ts";
import { adoptedJob, reattach } from "./reattach.ts";
import { withLimit } from "./with-limit.ts";
import type { RunSurroundings } from "./run.ts";

export type Started =
  /** `inputs`: of a Job that was created for this run. */
  | {
      readonly kind: "job";
      readonly job: JobHandle;
      readonly hold: JobHold;
      readonly inputs?: RunInputs;
      /** Counts the run out. */
      readonly leave: () => void;
    }
  | { readonly kind: "end"; readonly end: RunEnd };

/** What a start works in: the run's surroundings, and where it writes down how far it got. */
export interface StartSurroundings extends Omit<RunSurroundings, "onLogBreak"> {
  readonly history: HistoryBook;
}

type StartStage = Extract<Stage, "guard" | "build" | "create">;

/** How far it got, and what it could not undo. */
interface Attempt {
  stage: StartStage;
  readonly left: string[];
  readonly history: HistoryBook;
}

const stepOf: Readonly<Record<StartStage, RunStep>> = {
  guard: "admit",
  build: "build",
  create: "create",
};

function enter(stage: StartStage, at: Attempt): void {
  at.stage = stage;
  at.history.step(stepOf[stage]);
}

const adoptLimitMs = 30_000;

/** Two runs that both want a Job, or a name: the slower one asks the guard again, this often. */
const guardAttempts = 3;

/**
 * Gets the run its Job: a new one, or one that an earlier process left behind. Runs of one guard key take
 * turns in this, so that each sees what the one before it made.
 */
export async function start(
  request: RunRequest,
  cluster: Cluster,
  around: StartSurroundings,
): Promise<Started> {
  const { signal } = around.stop;
  const at: Attempt = { stage: "guard", left: [], history: around.history };
  enter("guard", at);
  try {
    return await inTurn(guardKey(request), signal, () => attempt(request, cluster, around, at));
  } catch (error) {
    const reason = stopReason(signal);
    const { stage, left } = at;
    if (reason === undefined) return ended({ kind: "fault", stage, error, left });
    const outcome: StopOutcome | undefined =
      left.length === 0 ? undefined : { kind: "left", what: left.join(", ") };
    return ended({ kind: "stopped", reason, outcome, exit: undefined });
  }
}

async function attempt(
  request: RunRequest,
  cluster: Cluster,
  around: StartSurroundings,
  at: Attempt,
): Promise<Started> {
  const { sink } = around;
  const { signal } = around.stop;
  const endsAt = realClock.now() + request.settings.busyWaitSec * 1_000;
  const supervision =
    cluster.supervision === undefined
      ? undefined
      : await unlessAborted(cluster.supervision(), signal);
  for (const news of supervision?.news() ?? []) await sink.note(news);
  const followed = follower(cluster, around, supervision);
  let prepared: Prepared | undefined;
  let taken: string | undefined;
  for (let tried = 0; tried < guardAttempts; tried += 1) {
    enter("guard", at);
    const answer = await guard(request, cluster, { ...around, supervision, endsAt, signal });
    switch (answer.kind) {
      case "blocked":
        return ended(blocked(answer));
      case "reattach": {
        if (supervision !== undefined) return followed(adoptedJob(answer.job, request));
        signal.throwIfAborted();
        // From here on the Job may be this run's: a stop that comes now has to reach it.
        const job = await withLimit(adoptLimitMs, (limit) =>
          reattach(answer.job, request, cluster, limit),
        );
        if (job !== undefined) return followed(adoptedJob(job, request));
        break;
      }
      case "clear": {
        prepared ??= await prepare(request, at);
        enter("create", at);
        const claim = claimOf(request);
        const options = { ...around, claim, supervision, left: at.left, signal };
        const made = await create(prepared.manifests, cluster, options);
        if (made.kind === "created") return { ...followed(made.job), inputs: prepared.inputs };
        taken = made.job.name;
        break;
      }
      default:
        answer satisfies never;
    }
  }
  if (taken !== undefined) return ended({ kind: "blocked", reason: "concurrent", jobs: [taken] });
  throw new Error(`a Job left behind changed ${guardAttempts} times while it was taken over`);
}

interface Prepared {
  readonly inputs: RunInputs;
  readonly manifests: BuiltRun;
}

/** Once a run: a guard that is asked again wants the same Job, and the host is told of it once. */
async function prepare(request: RunRequest, at: Attempt): Promise<Prepared> {
  enter("build", at);
  const inputs = await request.inputs();
  const manifests = build(request, inputs);
  enter("create", at);
  await request.onCreate();
  return { inputs, manifests };
}

/** Makes the Job this run's: in the set of this process, and for whoever takes it over. */
function follower(
  cluster: Cluster,
  { followed: jobs, stop }: StartSurroundings,
  supervision: Supervision | undefined,
): (job: JobHandle) => Extract<Started, { kind: "job" }> {
  return (job) => {
    jobs.add(job);
    if (supervision === undefined)
      return { kind: "job", job, hold: plainHold(cluster.jobs, job), leave: () => {} };
    const leave = supervision.join(job, (why) =>
      stop.abort({ kind: "taken-over", why } satisfies StopReason),
    );
    return { kind: "job", job, hold: supervisedHold(supervision.supervisor, job), leave };
  };
}

function blocked({ reason, jobs }: Extract<Admission, { kind: "blocked" }>): RunEnd {
  const [first] = jobs;
  const where = first === undefined ? {} : { namespace: first.namespace };
  return { kind: "blocked", reason, jobs: jobs.map(({ name }) => name), ...where };
}

function ended(end: RunEnd): Started {
  return { kind: "end", end };
}

/** Waits for its turn, or for the signal. Once it has begun, the work itself minds the signal. */
async function inTurn<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  let hasBegun = false;
  const turn = exclusively(key, async () => {
    signal.throwIfAborted();
    hasBegun = true;
    return work();
  });
  const given = Promise.withResolvers<T>();
  turn.then(given.resolve, given.reject);
  const giveUp = (): void => {
    if (!hasBegun) given.reject(signal.reason);
  };
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await given.promise;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
