import {
  createJobHub,
  type JobEnd,
  type JobPolicy,
  type JobWatcher,
  kubeJobControl,
  stopJob,
} from "@claude-k8s/job-watch";
import type { KubeHttp } from "@claude-k8s/kube-http";
import { followLog, kubeLogSource } from "@claude-k8s/log-stream";
import { createRun, kubeJobStore } from "@claude-k8s/orphan-guard";
import { containerName } from "../report/pod-state.ts";
import type { BuiltRun } from "../run/create.ts";
import { textOf } from "../untyped.ts";
import { probeLabel } from "./probe-job.ts";

/** What a probe came to. */
export interface ProbeEvidence {
  readonly outcome:
    | { readonly kind: "ended"; readonly end: JobEnd }
    /** It could not be created, or not be followed; in words. */
    | { readonly kind: "failed"; readonly message: string }
    /** The time was up; `phase`: what it was doing. */
    | { readonly kind: "time"; readonly phase: string };
  /** Of the log as it was followed live. */
  readonly lines: readonly string[];
  /** `none`: there was no log to follow. */
  readonly log: "verified" | "unverified" | "none";
  /** What could not be removed. */
  readonly left: readonly string[];
}

export interface ProbeOptions {
  readonly http: KubeHttp;
  readonly built: BuiltRun;
  readonly mark: string;
  readonly policy: JobPolicy;
  /** How long the removal may take, after the probe's own time. */
  readonly removeMs: number;
  /** The probe's time. Aborting it ends the probe; it is removed all the same. */
  readonly signal: AbortSignal;
}

/** What is seen while the probe goes on. */
interface Seen {
  phase: string;
  readonly lines: string[];
  log: ProbeEvidence["log"];
}

/** Creates the probe's Job, follows it and its log as a run's, and removes it. Never throws. */
export async function runProbe(options: ProbeOptions): Promise<ProbeEvidence> {
  const { http, built, signal } = options;
  const seen: Seen = { phase: "creating the Job", lines: [], log: "none" };
  const left: string[] = [];
  let outcome: ProbeEvidence["outcome"];
  try {
    const answer = await createRun({
      store: kubeJobStore(http),
      job: built.job,
      secrets: built.secrets,
      createId: options.mark,
      onLeft: (what, why) => void left.push(`${what} (${textOf(why)})`),
      signal,
    });
    outcome =
      answer.kind === "created"
        ? { kind: "ended", end: await follow(options, answer.job, seen) }
        : { kind: "failed", message: `the Job was ${answer.kind} before it could start` };
  } catch (error) {
    outcome = signal.aborted
      ? { kind: "time", phase: seen.phase }
      : { kind: "failed", message: textOf(error) };
  }
  const kept = await remove(options);
  return { outcome, lines: seen.lines, log: seen.log, left: [...left, ...kept] };
}

/** Watches the Job to its end and reads its log at the same time, each by what the cluster says. */
async function follow(
  { http, policy, mark, built, signal }: ProbeOptions,
  { uid }: { readonly uid?: string },
  seen: Seen,
): Promise<JobEnd> {
  const { namespace, name } = built.job.metadata;
  const job = { namespace, name, ...(uid === undefined ? {} : { uid }) };
  const watcher = createJobHub({
    http,
    namespace,
    labelSelector: `${probeLabel}=${mark}`,
    policy,
  });
  let logged: Promise<unknown> | undefined;
  let pod: { readonly name: string; readonly uid?: string } | undefined;
  try {
    for await (const event of watcher.watch(job, { container: containerName, signal })) {
      if (event.type === "pod") pod = event.pod;
      if (event.type === "phase")
        seen.phase = event.detail === undefined ? event.phase : `${event.phase}, ${event.detail}`;
      if (event.type === "start-problem") seen.phase = `${event.reason}: ${event.message}`;
      const hasOutput =
        event.type === "exit" || (event.type === "phase" && event.phase === "running");
      if (pod !== undefined && hasOutput)
        logged ??= settled(read(http, watcher, { job, pod }, seen, signal));
      if (event.type !== "end") continue;
      await logged;
      return event.end;
    }
    throw new Error("the watch of the probe ended before its Job did");
  } finally {
    await watcher.close();
  }
}

async function read(
  http: KubeHttp,
  watcher: JobWatcher,
  { job, pod }: { job: { namespace: string; name: string }; pod: { name: string; uid?: string } },
  seen: Seen,
  signal: AbortSignal,
): Promise<void> {
  const target = { namespace: job.namespace, pod: pod.name, container: containerName };
  const events = followLog({
    source: kubeLogSource(http),
    target: { ...target, ...(pod.uid === undefined ? {} : { uid: pod.uid }) },
    containerState: watcher.containerState(job, containerName),
    signal,
  });
  seen.log = "unverified";
  for await (const event of events) {
    if (event.type === "lines") seen.lines.push(...event.lines.map(({ text }) => text));
    if (event.type === "end") seen.log = event.proof;
  }
}

/** A log that cannot be followed is told by what is missing of it. */
async function settled(work: Promise<void>): Promise<void> {
  await Promise.allSettled([work]);
}

/** Removes the Job, known by its name of this probe alone, and answers what is left of it. */
async function remove({ http, built, removeMs }: ProbeOptions): Promise<readonly string[]> {
  const { namespace, name } = built.job.metadata;
  const signal = new AbortController().signal;
  try {
    const outcome = await stopJob({
      jobs: kubeJobControl(http),
      job: { namespace, name },
      graceMs: removeMs,
      signal,
    });
    return outcome.kind === "left" ? [`Job ${name}: ${outcome.what}`] : [];
  } catch (error) {
    return [`Job ${name} (${textOf(error)})`];
  }
}
