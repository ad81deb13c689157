import { randomUUID } from "node:crypto";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { leftBehind } from "../cluster/left-behind.ts";
import { startHostProcess } from "../host-process/host-process.ts";
import { openGate } from "../proofs/api-gate.ts";
import type { ProofWorld } from "../proofs/proof-world.ts";
import { leases } from "../proofs/standing.ts";
import { turnOf } from "./turn.ts";

/** What became of one run that began in one process and ended in the next. */
interface RolledRun {
  readonly events: readonly string[];
  readonly outputs: readonly [string, string];
  /** Of the process that was shut down. */
  readonly detached: AdapterExecutionResult;
  readonly result: AdapterExecutionResult;
}

export interface RollingRestart {
  /** From SIGTERM to the first process's end, and how it ended. */
  readonly leaving: { readonly ms: number; readonly how: number | NodeJS.Signals };
  /** From when the new process was told of its runs to when it followed the last of their Jobs, in ms. */
  readonly adoptedMs: number;
  readonly runs: readonly RolledRun[];
  readonly programs: { readonly started: number; readonly most: number };
  /** Jobs, pods and Secrets, and Leases while the new process is alive. */
  readonly left: readonly string[];
  readonly leases: readonly string[];
}

export interface RollingOptions {
  readonly runs: number;
  /** Times the recorded speed: all runs must be at work at one time. */
  readonly speed: number;
}

const withinMs = 150_000;

/** Runs of many agents in one process that is shut down in the middle of them, and a new one that is told of them again. */
export async function rollingRestart(
  world: ProofWorld,
  { runs: count, speed }: RollingOptions,
): Promise<RollingRestart> {
  const agents = Array.from({ length: count }, () => randomUUID());
  const turns = () =>
    agents.map((agentId) =>
      turnOf(world, agentId, { replay: { scenario: "healthy", speed }, busyWaitSec: 60 }),
    );
  await using gate = await openGate(world.kubeConfig);
  await using nextGate = await openGate(world.kubeConfig);
  await using host = await startHostProcess({ kubeConfig: gate.kubeConfig });
  const first = turns();
  for (const turn of first) host.execute(turn);
  await host.until(() => first.every(({ runId }) => host.told(runId).output !== ""), withinMs);
  const leavingAt = performance.now();
  host.signal("SIGTERM");
  const how = await host.gone;
  const leaving = { ms: performance.now() - leavingAt, how };

  await using next = await startHostProcess({ kubeConfig: nextGate.kubeConfig });
  const second = turns();
  const askedAt = performance.now();
  for (const turn of second) next.execute(turn);
  await next.until(() => second.every(({ runId }) => next.told(runId).events.length > 0), withinMs);
  const adoptedMs = performance.now() - askedAt;
  const results = await Promise.all(second.map(({ runId }) => next.result(runId, withinMs)));
  const { namespace, http, signal } = world;
  return {
    leaving,
    adoptedMs,
    runs: results.map((result, index) => {
      const [was, is] = [host.told(idAt(first, index)), next.told(idAt(second, index))];
      const [detached] = was.results;
      if (detached === undefined) throw new Error("a run of the process that left has no result");
      return { events: is.events, outputs: [was.output, is.output], detached, result };
    }),
    programs: { started: world.programs.started, most: world.programs.most },
    left: await leftBehind(http, { namespace, withinMs: 30_000, signal }),
    leases: await leases(world),
  };
}

function idAt(turns: readonly { readonly runId: string }[], index: number): string {
  return turns[index]?.runId ?? "";
}
