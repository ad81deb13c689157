import { kubeJobControl, stopJob } from "@claude-k8s/job-watch";
import { type KnownJob, kubeJobStore } from "@claude-k8s/orphan-guard";
import { earlierPromptSecret, isOfEarlierAdapter } from "../cluster/earlier-adapter.ts";
import { textOf } from "../untyped.ts";
import type { Connection } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import { findRun } from "./find-runs.ts";
import type { OptionValues } from "./option-values.ts";
import { lookAtSupervision } from "./supervision.ts";
import { printJson, say, type Surroundings } from "./surroundings.ts";

/** What a pod gets that does not say it itself (Kubernetes, "Pod termination"). */
const defaultGraceSeconds = 30;
/** What kubelet and garbage collector need beside the program's own grace. */
const spareMs = 30_000;

/** `claude-k8s stop RUN`. */
export async function stop(
  connection: Connection,
  word: string,
  { json, timeoutMs }: OptionValues,
  around: Surroundings,
): Promise<number> {
  const { signal } = around;
  const { job, standing } = await findRun(connection, word, signal);
  const supervision = await lookAtSupervision(connection.quick, [job], signal);
  const { state, identity } = supervision.of(job);
  if (identity !== undefined && state !== "none" && job.ended === undefined)
    await say(
      around,
      `The server process ${identity} follows it: there, it ends as deleted from outside.`,
    );
  const { namespace } = job;
  const name = `${namespace}/${job.name}`;
  const graceSeconds = standing.pod?.terminationGraceSeconds ?? defaultGraceSeconds;
  await say(around, `Stopping Job ${name}; its program has ${graceSeconds} s to end.`);
  const began = performance.now();
  const outcome = await stopJob({
    jobs: kubeJobControl(connection.patient),
    // Not the version that was listed: it is past by the time the stop has been noted on the Job.
    job: { namespace, name: job.name, ...(job.uid === undefined ? {} : { uid: job.uid }) },
    graceMs: timeoutMs ?? graceSeconds * 1_000 + spareMs,
    signal,
  }).catch(async (error: unknown) => {
    if (signal.aborted)
      await say(
        around,
        `Not verified: "claude-k8s stop ${job.name} -n ${job.namespace}" goes on from here.`,
      );
    throw error;
  });
  const secret =
    outcome.kind === "gone" ? await earlierSecretLeft(connection, job, signal) : undefined;
  if (secret !== undefined) await say(around, secret);
  const tookMs = Math.round(performance.now() - began);
  if (json) await printJson(around, { namespace, job: job.name, ...outcome, tookMs });
  else if (outcome.kind === "gone")
    await around.stdout.write(
      `Verified after ${(tookMs / 1_000).toFixed(1)} s: Job ${name} and its pods are gone${outcome.forced ? "; a pod that outlasted its grace was taken away by force" : ""}.\n`,
    );
  else
    await around.stdout.write(
      `Not verified: ${outcome.kind === "left" ? outcome.what : `Job ${name} has another supervisor now`}\n`,
    );
  return outcome.kind === "gone" ? exitCodes.done : exitCodes.amiss;
}

/** A Job of an earlier adapter may have a Secret that does not go with it. @returns what may be left, in words */
async function earlierSecretLeft(
  { patient }: Connection,
  job: KnownJob,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (!isOfEarlierAdapter(job)) return undefined;
  const { namespace } = job;
  const name = earlierPromptSecret(job);
  try {
    await kubeJobStore(patient).deleteSecret({ namespace, name }, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    return `A Secret ${namespace}/${name} may be left: ${textOf(error)}`;
  }
}
