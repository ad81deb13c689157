import { describeEnd } from "@claude-k8s/job-watch";
import { AdapterError } from "../errors.ts";
import { nobody } from "../run/onlooker.ts";
import { settle } from "../run/settle.ts";
import { commandSink } from "./command-sink.ts";
import type { Connection } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import { type FoundRun, findRun } from "./find-runs.ts";
import { followedRun } from "./followed-run.ts";
import type { OptionValues } from "./option-values.ts";
import { printLogSoFar } from "./log-so-far.ts";
import { say, type Surroundings } from "./surroundings.ts";
import { type OutputView, rawView, transcriptView } from "./transcript-view.ts";

/** `claude-k8s logs RUN`. */
export async function logs(
  connection: Connection,
  word: string,
  { follow, transcript }: OptionValues,
  around: Surroundings,
): Promise<number> {
  const run = await findRun(connection, word, around.signal);
  const view = transcript ? transcriptView(around.stdout, around) : rawView(around.stdout);
  return follow ? followToEnd(connection, run, view, around) : soFar(connection, run, view, around);
}

async function soFar(
  connection: Connection,
  { job, standing }: FoundRun,
  view: OutputView,
  around: Surroundings,
): Promise<number> {
  const { pod, phase, detail } = standing;
  if (pod === undefined) {
    const why = detail === undefined ? "" : `: ${detail}`;
    await say(around, `${job.name} has no pod, and so no log (${phase}${why})`);
    return exitCodes.amiss;
  }
  const doubt = await printLogSoFar(connection.patient, job.namespace, pod, {
    view,
    signal: around.signal,
  });
  if (doubt !== undefined) await say(around, doubt);
  return doubt === undefined ? exitCodes.done : exitCodes.amiss;
}

async function followToEnd(
  connection: Connection,
  run: FoundRun,
  view: OutputView,
  around: Surroundings,
): Promise<number> {
  const sink = commandSink(view, around);
  const followed = followedRun(connection, run, { sink, reattached: false });
  try {
    const end = await settle(followed, { onlooker: nobody, signal: around.signal });
    await view.end();
    if (end.kind === "no-pod")
      throw new AdapterError("ADAPTER_NO_SUCH_RUN", `${run.job.name} has no pod`);
    await say(around, `${describeEnd(end.end)}; the log's end is ${end.logEnd}`);
    return end.logEnd === "verified" ? exitCodes.done : exitCodes.amiss;
  } finally {
    await followed.cluster.close();
  }
}
