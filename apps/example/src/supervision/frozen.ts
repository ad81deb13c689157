import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { leftBehind } from "../cluster/left-behind.ts";
import { startHostProcess } from "../host-process/host-process.ts";
import type { SupervisionTimes } from "../host-process/protocol.ts";
import { callText, isWriteOnRun } from "../proofs/api-call.ts";
import { openGate } from "../proofs/api-gate.ts";
import type { ProofWorld } from "../proofs/proof-world.ts";
import { turnOf } from "./turn.ts";

export interface FrozenOptions {
  readonly supervision: SupervisionTimes;
  /** How long the process stands still, in ms. It goes on later if nobody has taken over by then. */
  readonly frozenMs: number;
  /** When it goes on: while the other process still follows the Job, or when that one has its result. */
  readonly thawed: "while followed" | "after the result";
  /** Times the recorded speed. */
  readonly speed: number;
}

/** What came of a process that stood still while another took over its run. */
export interface Frozen {
  /** How long it stood still, in ms. */
  readonly frozenMs: number;
  /** How the other process came to its Job. */
  readonly otherEvents: readonly string[];
  readonly otherResult: AdapterExecutionResult;
  /** What both processes gave to their hosts. */
  readonly outputs: readonly [string, string];
  /** What it wrote to the cluster after it went on, Leases apart, and how that was answered. */
  readonly writes: readonly string[];
  /** Of those, what the API server did. */
  readonly done: readonly string[];
  readonly result: AdapterExecutionResult;
  readonly said: readonly string[];
  readonly programs: { readonly started: number; readonly most: number };
  readonly left: readonly string[];
}

const withinMs = 150_000;
/** After it went on: for whatever it would do wrong. */
const afterwardsMs = 3_000;

/** Stops a process with SIGSTOP in the middle of a run, has another one take over, and lets it go on. */
export async function frozen(world: ProofWorld, options: FrozenOptions): Promise<Frozen> {
  const { supervision, thawed } = options;
  await using gate = await openGate(world.kubeConfig);
  await using otherGate = await openGate(world.kubeConfig);
  await using host = await startHostProcess({ kubeConfig: gate.kubeConfig, supervision });
  await using other = await startHostProcess({ kubeConfig: otherGate.kubeConfig, supervision });
  const agentId = randomUUID();
  const replay = { scenario: "healthy", speed: options.speed };
  const [one, two] = [turnOf(world, agentId, { replay }), turnOf(world, agentId, { replay })];
  const [told, otherTold] = [host.told(one.runId), other.told(two.runId)];

  host.execute(one);
  await host.until(() => told.output !== "", withinMs);
  host.signal("SIGSTOP");
  const stoppedAt = performance.now();
  other.execute(two);
  const otherResult = other.result(two.runId, withinMs);
  otherResult.catch(() => {}); // Awaited below; until then it may fail unheard.
  await other.until(() => otherTold.events.length + otherTold.results.length > 0, withinMs);
  if (thawed === "after the result") await otherResult;
  const frozenMs = performance.now() - stoppedAt;
  await sleep(Math.max(0, options.frozenMs - frozenMs));

  const asked = gate.calls.length;
  const thawedAt = performance.now();
  host.signal("SIGCONT");
  const result = await host.result(one.runId, withinMs);
  const ended = await otherResult;
  await sleep(afterwardsMs);
  const calls = gate.calls.slice(asked).filter(isWriteOnRun);
  const { namespace, http, signal } = world;
  return {
    frozenMs: thawedAt - stoppedAt,
    otherEvents: otherTold.events,
    otherResult: ended,
    outputs: [told.output, otherTold.output],
    writes: calls.map((call) => `${callText(call)}: ${call.status ?? "no answer"}`),
    done: calls.filter(({ status = 0 }) => status < 300).map(callText),
    result,
    said: told.said,
    programs: { started: world.programs.started, most: world.programs.most },
    left: await leftBehind(http, { namespace, withinMs: 30_000, signal }),
  };
}
