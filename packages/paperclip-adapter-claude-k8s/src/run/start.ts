import { exclusively } from "@claude-k8s/orphan-guard";
import { stopReason } from "../cancel/stop-reason.ts";
import { build } from "./build.ts";
import type { Cluster } from "./cluster.ts";
import { create } from "./create.ts";
import { guard, guardKey } from "./guard.ts";
import type { JobHandle, RunEnd, RunInputs, RunRequest, Stage, StopOutcome } from "./model.ts";
import { reattach } from "./reattach.ts";
import { withLimit } from "./stop.ts";
import type { RunSurroundings } from "./run.ts";

export type Started =
  /** `inputs`: of a Job that was created for this run. */
  | { readonly kind: "job"; readonly job: JobHandle; readonly inputs?: RunInputs }
  | { readonly kind: "end"; readonly end: RunEnd };

/** How far it got, and what it could not undo. */
interface Attempt {
  stage: Stage;
  readonly left: string[];
}

const adoptLimitMs = 30_000;

/** Two runs that both want a Job left behind: the slower one asks the guard again, this often. */
const guardAttempts = 3;

/**
 * Gets the run its Job: a new one, or one that an earlier process left behind. Runs of one guard key take
 * turns in this, so that each sees what the one before it made.
 */
export async function start(
  request: RunRequest,
  cluster: Cluster,
  around: RunSurroundings,
): Promise<Started> {
  const { signal } = around.stop;
  const at: Attempt = { stage: "guard", left: [] };
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
  around: RunSurroundings,
  at: Attempt,
): Promise<Started> {
  const { signal } = around.stop;
  for (let tried = 0; tried < guardAttempts; tried += 1) {
    at.stage = "guard";
    const answer = await guard(request, cluster, around.sink, { ...around, signal });
    switch (answer.kind) {
      case "blocked":
        return ended({ ...answer, jobs: answer.jobs.map(({ name }) => name) });
      case "reattach": {
        signal.throwIfAborted();
        // From here on the Job may be this run's: a stop that comes now has to reach it.
        const job = await withLimit(adoptLimitMs, (limit) =>
          reattach(answer.job, request, cluster, limit),
        );
        if (job !== undefined) return followed(job, around);
        break;
      }
      case "clear": {
        at.stage = "build";
        const inputs = await request.inputs();
        const built = build(request, inputs);
        at.stage = "create";
        await request.onCreate();
        const made = await create(built, cluster, { ...around, left: at.left, signal });
        return made.kind === "created"
          ? { ...followed(made.job, around), inputs }
          : ended({ kind: "blocked", reason: "concurrent", jobs: [made.job] });
      }
      default:
        answer satisfies never;
    }
  }
  throw new Error(`a Job left behind changed ${guardAttempts} times while it was taken over`);
}

function followed(
  job: JobHandle,
  { followed: jobs }: RunSurroundings,
): Extract<Started, { kind: "job" }> {
  jobs.add(job);
  return { kind: "job", job };
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
