import { randomUUID } from "node:crypto";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { startHostProcess } from "../host-process/host-process.ts";
import { callText } from "../proofs/api-call.ts";
import { openGate } from "../proofs/api-gate.ts";
import type { ProofWorld } from "../proofs/proof-world.ts";
import { shortTimes, turnOf } from "./turn.ts";

export interface RaceOptions {
  readonly races: number;
  readonly atOnce: number;
  readonly whenBusy: "fail" | "wait";
}

/** What two processes made of one task at one time. */
export interface Race {
  /** Jobs that the API server made, of both processes together. */
  readonly jobs: number;
  /** Programs that ran, and the most at one moment. */
  readonly programs: { readonly started: number; readonly most: number };
  /** `success`, or the code of the error. */
  readonly results: readonly string[];
}

const resultWithinMs = 120_000;

/** Two processes that live through all of it are told of the same turn at the same time, again and again. */
export async function race(world: ProofWorld, options: RaceOptions): Promise<readonly Race[]> {
  await using oneGate = await openGate(world.kubeConfig);
  await using otherGate = await openGate(world.kubeConfig);
  const gates = [oneGate, otherGate];
  const supervision = shortTimes;
  await using one = await startHostProcess({ kubeConfig: oneGate.kubeConfig, supervision });
  await using other = await startHostProcess({ kubeConfig: otherGate.kubeConfig, supervision });
  const hosts = [one, other];

  const once = async (): Promise<Race> => {
    const agentId = randomUUID();
    const isPatient = options.whenBusy === "wait";
    // Longer than it takes to see the other process renew its Lease: until then it is not known to be alive.
    const replay = { scenario: isPatient ? "silent:1" : "silent:6", speed: 1 };
    const turn = { replay, busyWaitSec: isPatient ? 60 : 0 };
    const results = await Promise.all(
      hosts.map(async (host) => {
        const command = turnOf(world, agentId, turn);
        host.execute(command);
        return host.result(command.runId, resultWithinMs);
      }),
    );
    const made = gates.flatMap(({ calls }) =>
      calls.filter(
        (call) =>
          callText(call) === "create jobs" && call.name?.includes(agentId.slice(0, 8)) === true,
      ),
    );
    const [name = ""] = made.map((call) => call.name ?? "");
    return {
      jobs: made.filter(({ status }) => status === 201).length,
      programs: { ...world.programs.of(name) },
      results: results.map(resultText),
    };
  };

  const races: Race[] = [];
  let left = options.races;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      races.push(await once());
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, worker));
  return races;
}

function resultText({ exitCode, errorCode, errorMessage }: AdapterExecutionResult): string {
  return exitCode === 0 ? "success" : (errorCode ?? errorMessage ?? `exit code ${exitCode}`);
}

/** What one race must not be; empty when all is well. Pure. */
export function wrongOfRace(
  { jobs, programs, results }: Race,
  whenBusy: RaceOptions["whenBusy"],
): readonly string[] {
  const runs = whenBusy === "fail" ? 1 : 2;
  const loser = whenBusy === "fail" ? "k8s_concurrent_run_blocked" : "success";
  const came = results.toSorted().join(" and ");
  return [
    ...(jobs === runs ? [] : [`${jobs} Jobs instead of ${runs}`]),
    ...(programs.started === runs ? [] : [`${programs.started} programs instead of ${runs}`]),
    ...(programs.most === 1 ? [] : [`${programs.most} programs at once`]),
    ...(came === [loser, "success"].toSorted().join(" and ") ? [] : [`results: ${came}`]),
  ];
}
