import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { kubeJobStore, kubeLeaseStore, startSupervisor, sweep } from "@claude-k8s/orphan-guard";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { leftBehind } from "../cluster/left-behind.ts";
import { type HostProcess, startHostProcess, type ToldRun } from "../host-process/host-process.ts";
import type { RunCommand } from "../host-process/protocol.ts";
import { replayConfig } from "../host/replay-config.ts";
import { callText } from "../proofs/api-call.ts";
import { type ApiGate, type KillPoint, openGate } from "../proofs/api-gate.ts";
import type { ProofWorld } from "../proofs/proof-world.ts";
import type { CrashSettings } from "./crash-settings.ts";
import type { ProgramsOfJob } from "../proofs/programs.ts";
import { leases, linesBefore, look, type Standing } from "../proofs/standing.ts";

/** What one host's process did and was told. */
export interface Life {
  /** What it asked of the API server, as `callText` says it. */
  readonly calls: readonly string[];
  readonly output: string;
  readonly events: readonly string[];
  readonly said: readonly string[];
  readonly results: readonly AdapterExecutionResult[];
}

/** Everything by which a crash is judged. */
export interface CrashEvidence {
  /** The process got to where it was to be killed. */
  readonly wasKilled: boolean;
  readonly first: Life;
  /** Right after the kill. */
  readonly standing: Standing;
  /** Lines that the stored cursor is behind of; `undefined` when that could not be found out. */
  readonly cursorLines: number | undefined;
  readonly second: Life;
  /** When the second process had its Job, after it was asked, in ms; how the Job stood then. */
  readonly tookOver: { readonly afterMs: number; readonly standing: Standing } | undefined;
  readonly programs: ProgramsOfJob;
  /** Jobs, pods and Secrets. */
  readonly left: readonly string[];
  /** Leases that still stood when both processes were gone, and whether one is of the one that was killed. */
  readonly leases: readonly { readonly name: string; readonly isKilled: boolean }[];
  /** Those that a sweep did not take. */
  readonly unsweptLeases: readonly string[];
  /** What broke the proof itself. */
  readonly problem: string | undefined;
}

const startWithinMs = 60_000;
const leftWithinMs = 30_000;
const goneWithinMs = 15_000;

/** A run whose process is killed at a point (or not at all), and then the same task in another process. */
export async function crashRun(
  settings: CrashSettings,
  point: KillPoint | undefined,
): Promise<CrashEvidence> {
  await using world = await settings.open();
  const { supervision } = settings;
  await using firstGate = await openGate(world.kubeConfig);
  await using firstHost = await startHostProcess({ kubeConfig: firstGate.kubeConfig, supervision });
  if (point !== undefined) firstGate.shutAt(point, () => firstHost.signal("SIGKILL"));
  const agentId = randomUUID();
  const one = commandOf(world, settings, agentId);
  firstHost.execute(one);
  const wholeLife = orderly(firstHost, one.runId, startWithinMs + settings.resultWithinMs);
  const wasKilled = await Promise.race([
    firstGate.reached.then(() => true),
    wholeLife.then(() => false),
  ]);
  wholeLife.catch(() => {}); // Of a process that was killed nothing else is expected.
  await firstHost.gone;
  const { standing, cursor } = await look(world);
  const first = lifeOf(firstGate, firstHost.told(one.runId));
  const cursorLines = await linesBefore(world, cursor).catch(() => undefined);
  if (!wasKilled) return notKilled(first, world.programs);

  await using secondGate = await openGate(world.kubeConfig);
  const setup = { kubeConfig: secondGate.kubeConfig, supervision };
  await using secondHost = await startHostProcess(setup);
  const two = commandOf(world, settings, agentId);
  const told = secondHost.told(two.runId);
  const askedAt = performance.now();
  secondHost.execute(two);
  let tookOver: CrashEvidence["tookOver"];
  let problem: string | undefined;
  try {
    await secondHost.until(() => told.events.length > 0, settings.resultWithinMs);
    const afterMs = performance.now() - askedAt;
    tookOver = { afterMs, standing: (await look(world)).standing };
    await orderly(secondHost, two.runId, settings.resultWithinMs);
  } catch (error) {
    problem = error instanceof Error ? error.message : String(error);
    secondHost.signal("SIGKILL");
  }
  const { namespace, http, signal } = world;
  const left = await leftBehind(http, { namespace, withinMs: leftWithinMs, signal });
  const killed = new Set(
    firstGate.calls.filter((call) => callText(call) === "create leases").map(({ name }) => name),
  );
  const standingLeases = await leases(world);
  return {
    wasKilled,
    first,
    standing,
    cursorLines,
    second: lifeOf(secondGate, told),
    tookOver,
    programs: world.programs,
    left,
    leases: standingLeases.map((name) => ({ name, isKilled: killed.has(name) })),
    unsweptLeases: standingLeases.length === 0 ? [] : await afterSweep(world),
    problem,
  };
}

/** From its result to its own end, as a server is shut down. */
async function orderly(host: HostProcess, runId: string, withinMs: number): Promise<void> {
  await host.result(runId, withinMs);
  host.signal("SIGTERM");
  const how = await Promise.race([host.gone, sleep(goneWithinMs, "no end", { ref: false })]);
  if (how !== 0) throw new Error(`after SIGTERM the process ended with ${how}`);
}

function commandOf(
  { namespace, image }: ProofWorld,
  { speed }: CrashSettings,
  agentId: string,
): RunCommand {
  const config = {
    namespace,
    image,
    guardScope: "task",
    "resources.requests.cpu": "10m",
    "resources.requests.memory": "32Mi",
    promptTemplate: "Grüß dich: mach etwas.",
    ...replayConfig({ scenario: crashRecording, speed }),
  };
  return { runId: randomUUID(), agentId, taskId: `task-of-${agentId}`, config };
}

/** What `claude` plays. */
export const crashRecording = "healthy";

function lifeOf(gate: ApiGate, { output, events, said, results }: ToldRun): Life {
  return { calls: gate.calls.map(callText), output, events, said, results };
}

const nothing: Life = { calls: [], output: "", events: [], said: [], results: [] };

function notKilled(first: Life, programs: ProgramsOfJob): CrashEvidence {
  return {
    wasKilled: false,
    first,
    standing: "none",
    cursorLines: 0,
    second: nothing,
    tookOver: undefined,
    programs,
    left: [],
    leases: [],
    unsweptLeases: [],
    problem: undefined,
  };
}

/** Between the two looks of the sweep. */
const unchangedMs = 200;

/** The Lease of a process that died goes with a sweep, once it stood unchanged for an hour; here for less. */
async function afterSweep(world: ProofWorld): Promise<readonly string[]> {
  const { http, namespace, signal } = world;
  const [store, leaseStore] = [kubeJobStore(http), kubeLeaseStore(http, namespace)];
  const identity = randomUUID();
  const supervisor = await startSupervisor({ store, leases: leaseStore, identity, signal });
  await supervisor.look(signal);
  await sleep(2 * unchangedMs, undefined, { signal });
  await sweep({
    store,
    leases: leaseStore,
    supervisor,
    namespace,
    labelSelector: "paperclip.io/adapter-type=claude_k8s",
    policy: { leaseMs: unchangedMs },
    signal,
  });
  await supervisor.release(signal);
  return leases(world);
}
