import { randomUUID } from "node:crypto";
import {
  annotations,
  isUnfinished,
  kubeJobStore,
  kubeLeaseStore,
  labels,
  startSupervisor,
  type KnownJob,
} from "@claude-k8s/orphan-guard";
import { AdapterError } from "../errors.ts";
import { redaction } from "../host/redaction.ts";
import { hostResult } from "../host/result.ts";
import { classify } from "../run/classify.ts";
import type { RunEnd } from "../run/model.ts";
import { nobody } from "../run/onlooker.ts";
import { evidenceOf } from "../run/observation.ts";
import { settle } from "../run/settle.ts";
import { withLimit } from "../run/with-limit.ts";
import { commandSink } from "./command-sink.ts";
import type { Connection } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import { findRun } from "./find-runs.ts";
import { followedRun } from "./followed-run.ts";
import type { OptionValues } from "./option-values.ts";
import { resultText } from "./result-text.ts";
import { printJson, say, type Surroundings } from "./surroundings.ts";
import { toldSupervision } from "./told-supervision.ts";
import { transcriptView } from "./transcript-view.ts";

/** How long a last word on the Job may take when the command ends early. */
const lastWordMs = 3_000;

/** `claude-k8s adopt RUN`. */
export async function adopt(
  connection: Connection,
  word: string,
  { json, transcript }: OptionValues,
  around: Surroundings,
): Promise<number> {
  const { signal } = around;
  const run = await findRun(connection, word, signal);
  await mustBeFree(connection, run.job, around);
  const { namespace, name } = run.job;
  const taken = new AbortController();
  const supervisor = await startSupervisor({
    store: kubeJobStore(connection.patient),
    leases: kubeLeaseStore(connection.patient, namespace),
    // Tells who looks on that it is no server.
    identity: `adopt-${randomUUID()}`,
    onLost: (_job, why) => taken.abort(notFree(run.job, why)),
    signal,
  });
  try {
    if (supervisor.weaker !== undefined) await say(around, supervisor.weaker);
    const job = await supervisor.adopt(run.job, {}, signal);
    if (job === undefined) throw notFree(run.job, "somebody else was faster, or it is gone");
    await say(around, `Following Job ${namespace}/${name}; Ctrl-C gives it back, and it goes on.`);
    const view = transcript
      ? transcriptView(around.stderr, around)
      : { write: async () => {}, end: async () => {} };
    const sink = commandSink(view, around);
    const followed = followedRun(connection, { ...run, job }, { sink, reattached: true });
    const ending = AbortSignal.any([signal, taken.signal]);
    let end: RunEnd | undefined;
    try {
      end = await settle(followed, { onlooker: nobody, signal: ending });
      await view.end();
    } finally {
      const marks = isKnownEnd(end)
        ? { annotations: { [annotations.collectedAt]: new Date(around.now()).toISOString() } }
        : {};
      if (!taken.signal.aborted)
        await withLimit(lastWordMs, (limit) => supervisor.letGo(job, marks, limit));
      await followed.cluster.close();
    }
    const evidence = evidenceOf(end, followed, undefined);
    const outcome = classify(evidence);
    const result = hostResult({
      evidence,
      outcome,
      askedModel: undefined,
      session: {},
      billing: {},
      warnings: [],
      redact: redaction(new Set()),
    });
    if (json) await printJson(around, { run: runIdOf(run.job), ...result });
    else await around.stdout.write(resultText(result, evidence));
    const left = isKnownEnd(end) ? "marked as read" : "left for the next run of its task";
    await say(around, `Job ${namespace}/${name} is ${left}.`);
    return outcome.errorCode === undefined ? exitCodes.done : exitCodes.amiss;
  } finally {
    await withLimit(lastWordMs, (limit) => supervisor.release(limit));
  }
}

/** The program has ended by the cluster's own word: nobody needs to follow the Job any more. */
function isKnownEnd(end: RunEnd | undefined): boolean {
  return (
    end?.kind === "ended" && end.end.sure && ["exited", "deadline", "lost"].includes(end.end.kind)
  );
}

/** @throws AdapterError `ADAPTER_RUN_NOT_FREE` that says who has it, or what to do instead */
async function mustBeFree(
  connection: Connection,
  job: KnownJob,
  around: Surroundings,
): Promise<void> {
  const other = `-n ${job.namespace}`;
  if (job.deletionTimestamp !== undefined) throw notFree(job, "it is being deleted");
  if (isUnfinished(job))
    throw notFree(job, `it was created and never let go; "claude-k8s sweep ${other}" removes it`);
  if (job.annotations[annotations.cancelRequested] !== undefined)
    throw notFree(job, `a stop was asked for; "claude-k8s stop ${job.name} ${other}" finishes it`);
  if (job.ended !== undefined && job.annotations[annotations.collectedAt] !== undefined)
    throw notFree(job, "it has ended, and its result was read");
  const supervision = await toldSupervision(connection, [job], { prove: true }, around);
  const { state, identity } = supervision.of(job);
  if (state === "live") throw notFree(job, `the live server process ${identity ?? ""} follows it`);
  if (state === "unknown")
    throw notFree(job, `whether the server process ${identity ?? ""} lives cannot be told`);
}

function notFree({ namespace, name }: KnownJob, why: string): AdapterError {
  return new AdapterError(
    "ADAPTER_RUN_NOT_FREE",
    `Job ${namespace}/${name} cannot be adopted: ${why}`,
  );
}

function runIdOf(job: KnownJob): string | undefined {
  return job.annotations[annotations.runId] ?? job.labels[labels.runId];
}
