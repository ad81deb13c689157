import {
  admit,
  annotations,
  type Claim,
  createWhenFree,
  type JobManifestLike,
  type JobRef,
  type JobStore,
  type KnownJob,
  labels,
  startSupervisor,
  type Supervisor,
  sweep,
  type SweepPolicy,
} from "../../src/index.ts";
import { sleep } from "../../src/clock.ts";
import { type Deletion, MemoryCluster } from "./memory-cluster.ts";
import { seeded } from "./random.ts";
import { type Process, World } from "./world.ts";

export type Outcome = {
  /** Empty when every promise was kept. */
  readonly wrong: readonly string[];
  readonly steps: number;
  readonly crashes: number;
  readonly pauses: number;
  /** Jobs whose program ran. */
  readonly ran: number;
  readonly collected: number;
  readonly adopted: number;
  readonly trace: readonly string[];
};

const namespace = "agents";
const guardKey = "agent:a:task:t";
const name = "claude-a-t";
const where = { namespace, labelSelector: "x" };
/** No Job of the model lives so long, swept or not. */
const longestMs = 12 * 3_600_000;
const maxSteps = 40_000;
const policy: SweepPolicy = { unreadMs: 1_800_000 };

type Life = {
  readonly process: Process;
  readonly store: JobStore;
  readonly supervisor: Supervisor;
};

/**
 * Two to four processes that each want the same task done, over one cluster; they crash, stand still, and their
 * requests get lost, as the seed says. In the end everything that was made is supervised by none and gone.
 */
export async function runSchedule(
  seed: number,
  deletes: Deletion = "foreground",
): Promise<Outcome> {
  const random = seeded(seed);
  const schedule = {
    processes: random.whole(2, 4),
    runsEach: random.whole(1, 3),
    crash: random.next() * 0.06,
    pause: random.next() * 0.05,
    lose: random.next() * 0.1,
    cancels: random.next() * 0.3,
    leftBehind: random.chance(0.3),
  };
  let living = 0;
  let restarts = 0;
  let runs = 0;
  const counts = { crashes: 0, collected: 0, adopted: 0, done: new Set<string>(), twice: [] };
  const maySuffer = { now: true };
  const world: World = new World({
    random: { ...random, chance: (p) => maySuffer.now && random.chance(p) },
    crash: schedule.crash,
    pause: schedule.pause,
    lose: schedule.lose,
    onCrash: () => {
      living -= 1;
      counts.crashes += 1;
      if (restarts >= 6) return;
      restarts += 1;
      living += 1;
      // Named now: an identity is one process's alone, and more may crash before this one is back.
      const called = `again-${restarts}`;
      world.after(random.whole(0, 60_000), () => start(called));
    },
  });
  const cluster = new MemoryCluster(world, random, deletes);
  const failures: string[] = [];
  if (schedule.leftBehind) cluster.add(manifest("an-older-name", "run-0", false));

  const start = (called: string): void => {
    const process = world.start(called);
    live(process, schedule.runsEach).then(
      () => void (living -= 1),
      (error: unknown) => failures.push(`${called}: ${String(error)}`),
    );
  };

  const live = async (process: Process, times: number): Promise<void> => {
    const clock = world.clock(process);
    const store = cluster.jobStore(process);
    const { signal } = new AbortController();
    const lost = new Set<string | undefined>();
    const supervisor = await startSupervisor({
      leases: cluster.leaseStore(process),
      store,
      identity: process.name,
      clock,
      onLost: ({ uid }) => lost.add(uid),
      signal,
    });
    const life: Life = { process, store, supervisor };
    const pause = (ms: number): Promise<void> => sleep(clock, ms, signal);
    await riddenOut(pause, () => sweep({ store, supervisor, ...where, now: world.now, signal }));
    for (let time = 0; time < times; time += 1) {
      runs += 1;
      const runId = `run-${runs}`;
      const claim: Claim = { guardKey, agentId: "a", runId, taskId: "t", allowReattach: true };
      const marks = {
        labels: { [labels.runId]: runId },
        annotations: { [annotations.runId]: runId },
      };
      const job = await riddenOut(pause, async () => {
        const whenBusy = random.chance(0.5) ? "fail" : { waitMs: random.whole(0, 600_000) };
        const options = { store, supervisor, claim, ...where, clock, signal };
        const admission = await admit({ ...options, marks: () => marks, whenBusy });
        if (admission.kind === "blocked") return "busy";
        if (admission.kind === "reattach") {
          counts.adopted += 1;
          return admission.job;
        }
        const made = await createWhenFree({
          store,
          supervisor,
          claim,
          clock,
          job: manifest(name, runId, true),
          secrets: [{ metadata: { name: `${name}-${runId}`, namespace } }],
          createId: `nonce-${runId}-${random.next()}`,
          signal,
        });
        return made.kind === "created" ? made.job : "busy";
      });
      if (job === "busy") continue;
      if (random.chance(schedule.cancels)) await cancelled(job, life, pause);
      else await followed(job, { ...life, lost, pause, counts });
    }
    await riddenOut(pause, () => supervisor.release(signal));
  };

  living = schedule.processes;
  for (let at = 0; at < schedule.processes; at += 1)
    world.after(random.whole(0, 5_000), () => start(`process-${at}`));
  const isOver = (): boolean => living === 0 || failures.length > 0;
  const stuck = await world.run(isOver, { steps: maxSteps, ms: longestMs });
  if (stuck !== undefined) failures.push(stuck);

  // From here on nothing fails: one more process comes and does its run, and one sweeps for an hour and a half.
  maySuffer.now = false;
  if (failures.length === 0)
    await tidied(world, cluster, failures, start, () => (living += 1), isOver);
  for (const { name: left, uid } of cluster.jobs.values()) failures.push(`${left} ${uid} is left`);
  for (const secret of cluster.secrets.keys()) failures.push(`the Secret ${secret} is left`);
  return {
    wrong: [...cluster.wrong, ...counts.twice, ...failures],
    steps: world.steps,
    pauses: world.trace.filter((line) => line.includes("stands still")).length,
    ran: cluster.ran.size,
    crashes: counts.crashes,
    collected: counts.collected,
    adopted: counts.adopted,
    trace: world.trace,
  };
}

async function tidied(
  world: World,
  cluster: MemoryCluster,
  failures: string[],
  start: (called: string) => void,
  comes: () => void,
  isOver: () => boolean,
): Promise<void> {
  comes();
  start("the-last");
  const limits = { steps: world.steps + maxSteps, ms: world.now + longestMs };
  const stuck = await world.run(isOver, limits);
  if (stuck !== undefined) failures.push(`the last process: ${stuck}`);
  const process = world.start("the-sweeper");
  const clock = world.clock(process);
  const store = cluster.jobStore(process);
  const leases = cluster.leaseStore(process);
  const { signal } = new AbortController();
  let isSwept = false;
  const sweeping = async (): Promise<void> => {
    const supervisor = await startSupervisor({ leases, store, identity: "sweeper", clock, signal });
    for (let time = 0; time < 9; time += 1) {
      await sweep({ store, leases, supervisor, ...where, policy, now: world.now, signal });
      await sleep(clock, 600_000, signal);
    }
    await supervisor.release(signal);
    isSwept = true;
  };
  sweeping().catch((error: unknown) => failures.push(`the sweep: ${String(error)}`));
  const end = { steps: world.steps + 200_000, ms: world.now + 30 * 3_600_000 };
  const late = await world.run(() => isSwept || failures.length > 0, end);
  if (late !== undefined) failures.push(`the sweep: ${late}`);
  for (const lease of cluster.leases.keys()) failures.push(`the Lease ${lease} is left`);
}

/** Follows the Job to its end and removes it; ends early when somebody else has it. */
async function followed(
  job: KnownJob,
  life: Life & {
    readonly lost: ReadonlySet<string | undefined>;
    readonly pause: (ms: number) => Promise<void>;
    readonly counts: { collected: number; readonly done: Set<string>; readonly twice: string[] };
  },
): Promise<void> {
  const { store, supervisor, lost, pause, counts } = life;
  const { signal } = new AbortController();
  for (;;) {
    if (lost.has(job.uid)) return;
    const read = await riddenOut(pause, () => store.read(job, signal));
    if (read === undefined || read.uid !== job.uid) return;
    if (read.ended !== undefined) break;
    await pause(5_000);
  }
  const answer = await removedOrLost(job, supervisor, pause);
  if (answer === "lost") return;
  counts.collected += 1;
  // "gone" may be another's doing; "done" is this process's own, and of a Job there is one.
  const uid = `${job.uid}`;
  if (answer === "done" && counts.done.has(uid)) counts.twice.push(`${uid} is collected twice`);
  if (answer === "done") counts.done.add(uid);
}

async function cancelled(
  job: KnownJob,
  { supervisor }: Life,
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  const { signal } = new AbortController();
  const marks = { annotations: { [annotations.cancelRequested]: "2026-01-01T00:00:00Z" } };
  await riddenOut(pause, () => supervisor.write(job, marks, signal));
  await removedOrLost(job, supervisor, pause);
}

async function removedOrLost(
  job: JobRef,
  supervisor: Supervisor,
  pause: (ms: number) => Promise<void>,
): Promise<"done" | "gone" | "lost"> {
  const { signal } = new AbortController();
  for (;;) {
    const answer = await riddenOut(pause, () => supervisor.remove(job, signal));
    if (answer.kind !== "paused") return answer.kind;
    await pause(2_000);
  }
}

/** A request that got lost is made again, as a process that lives does. */
async function riddenOut<T>(
  pause: (ms: number) => Promise<void>,
  work: () => Promise<T>,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt > 30) throw error;
      await pause(1_000);
    }
  }
}

function manifest(called: string, runId: string, suspend: boolean): JobManifestLike {
  const marks = {
    [annotations.guardKey]: guardKey,
    [annotations.runId]: runId,
    [annotations.taskId]: "t",
    ...(suspend ? {} : { [annotations.resumedAt]: "2026-01-01T00:00:00Z" }),
  };
  return { metadata: { name: called, namespace, annotations: marks }, spec: { suspend } };
}
