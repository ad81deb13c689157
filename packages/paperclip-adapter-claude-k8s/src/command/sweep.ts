import { kubeJobStore, sweep as sweepJobs, type SweptItem } from "@claude-k8s/orphan-guard";
import { labelSelector } from "../cluster/marks.ts";
import type { Connection } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import { findRuns, type FoundRun, idOf } from "./find-runs.ts";
import { whereOf } from "./list.ts";
import type { OptionValues } from "./option-values.ts";
import { printJson, say, type Surroundings } from "./surroundings.ts";
import { sweepAdvice, sweepReasons } from "./sweep-words.ts";
import { table } from "./table.ts";
import { toldSupervision } from "./told-supervision.ts";

/** `claude-k8s sweep`. */
export async function sweep(
  connection: Connection,
  { json, dryRun, unreadMs, runningMs, isEverywhere }: OptionValues,
  around: Surroundings,
): Promise<number> {
  const { signal, stdout } = around;
  const runs = await findRuns(connection, signal);
  const jobs = runs.map(({ job }) => job);
  const supervision = await toldSupervision(connection, jobs, { prove: true }, around);
  const policy = {
    ...(unreadMs === undefined ? {} : { unreadMs }),
    ...(runningMs === undefined ? {} : { runningMs }),
  };
  const items: SweptItem[] = [];
  for (const namespace of new Set(jobs.map((job) => job.namespace))) {
    const report = await sweepJobs({
      store: kubeJobStore(connection.patient),
      supervisor: supervision.observer(namespace),
      namespace,
      labelSelector,
      policy,
      dryRun,
      now: around.now(),
      signal,
    });
    items.push(...report.items);
  }
  if (json) await printJson(around, { dryRun, items: items.map((item) => itemView(item, runs)) });
  else if (items.length === 0) await say(around, `No runs in ${whereOf(connection)}.`);
  else
    await stdout.write(
      table(
        ["NAMESPACE", "JOB", "RUN", "DONE", "WHY", "ADVICE"],
        items.map((item) => {
          const { namespace, job, run, done } = itemView(item, runs);
          const advice = sweepAdvice(item);
          const { reason } = item;
          return [isEverywhere ? namespace : "", job, run, done, sweepReasons[reason], advice];
        }),
        stdout.columns,
      ),
    );
  const isAmiss = items.some(({ outcome }) => outcome === "failed" || outcome === "changed");
  return isAmiss ? exitCodes.amiss : exitCodes.done;
}

interface ItemView {
  readonly namespace: string;
  readonly job: string;
  readonly run: string;
  readonly action: SweptItem["action"];
  readonly reason: SweptItem["reason"];
  /** What came of it, in a word or two. */
  readonly done: string;
  readonly problem?: string;
}

function itemView(item: SweptItem, runs: readonly FoundRun[]): ItemView {
  const { name, action, reason, outcome, problem } = item;
  const namespace = item.job?.namespace ?? "";
  const run = runs.find(({ job }) => job.name === name && job.namespace === namespace);
  const done = outcome === "dry-run" ? "would be deleted" : (outcome ?? "left");
  return {
    namespace,
    job: name,
    run: (run && idOf(run, "runId")) ?? "",
    action,
    reason,
    done: problem === undefined ? done : `${done}: ${problem}`,
    ...(problem === undefined ? {} : { problem }),
  };
}
