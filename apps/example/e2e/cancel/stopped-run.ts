import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { type AgentOptions, type AgentRun, runAgent } from "../run-agent.ts";

export interface StoppedRun extends AgentRun {
  /** From the operator's stop to the result; `undefined` when the run ended before. */
  readonly stopMs: number | undefined;
}

/** A moment to stop at: a line of output, or what the adapter says it does, holds this. */
export type Moment = { readonly output: string } | { readonly phase: string };

/** One run that an operator stops at a moment of it. */
export async function stoppedRun(
  cluster: ClusterUnderTest,
  moment: Moment,
  options: Omit<AgentOptions, "listener" | "signal">,
): Promise<StoppedRun> {
  const stop = new AbortController();
  let asked: number | undefined;
  const ask = (): void => {
    asked ??= performance.now();
    stop.abort(new Error("Cancelled by a board operator"));
  };
  const began = performance.now();
  const run = await runAgent(cluster, {
    ...options,
    signal: stop.signal,
    listener: {
      output: (text) => void ("output" in moment && text.includes(moment.output) && ask()),
      phase: (text) => void ("phase" in moment && text.includes(moment.phase) && ask()),
    },
  });
  return { ...run, stopMs: asked === undefined ? undefined : began + run.tookMs - asked };
}
