import type { SupervisionTimes } from "../host-process/protocol.ts";
import type { ProofWorld } from "../proofs/proof-world.ts";
import type { RunCommand } from "../host-process/protocol.ts";
import { randomUUID } from "node:crypto";
import { type Replay, replayConfig } from "../host/replay-config.ts";

/** How one agent's turns are run; what differs between proofs. */
export interface TurnSettings {
  readonly replay: Replay;
  /** Default 0: a run that finds another one fails at once. */
  readonly busyWaitSec?: number;
}

/** A turn of an agent's usual task. Each has a run id of its own. */
export function turnOf(
  { namespace, image }: Pick<ProofWorld, "namespace" | "image">,
  agentId: string,
  { replay, busyWaitSec = 0 }: TurnSettings,
): RunCommand {
  const config = {
    namespace,
    image,
    guardScope: "task",
    busyWaitSec,
    // Many runs at once must fit on one small node.
    "resources.requests.cpu": "10m",
    "resources.requests.memory": "32Mi",
    promptTemplate: "Grüß dich: mach etwas.",
    ...replayConfig(replay),
  };
  return { runId: randomUUID(), agentId, taskId: `task-of-${agentId}`, config };
}

/** Of a process that may be slow: what others wait for is short, and never shorter than its renewals. */
export const shortTimes: SupervisionTimes = { leaseMs: 3_000, renewEveryMs: 800, aliveMs: 2_000 };

/** Of the adapter when nobody says anything. */
export const usualTimes: SupervisionTimes = {
  leaseMs: 30_000,
  renewEveryMs: 10_000,
  aliveMs: 20_000,
};
