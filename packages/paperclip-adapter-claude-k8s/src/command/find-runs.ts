import { type JobStanding, type RawJob, type RawPod, standingOfJob } from "@claude-k8s/job-watch";
import type { KubeHttp } from "@claude-k8s/kube-http";
import {
  annotations,
  type JobLike,
  type KnownJob,
  knownJob,
  labels,
  OrphanGuardError,
} from "@claude-k8s/orphan-guard";
import { labelSelector } from "../cluster/marks.ts";
import { AdapterError } from "../errors.ts";
import { containerName } from "../report/pod-state.ts";
import type { Connection } from "./connection.ts";

/** A Job of the adapter's, as two lists showed it. */
export interface FoundRun {
  readonly job: KnownJob;
  readonly standing: JobStanding;
}

/** Every Job of the adapter, the newest first. Two requests, however many there are. */
export async function findRuns(
  { quick, scope }: Pick<Connection, "quick" | "scope">,
  signal: AbortSignal,
): Promise<readonly FoundRun[]> {
  const [jobs, pods] = await Promise.all([
    list<JobLike & RawJob>(quick, `${base("/apis/batch/v1", scope)}/jobs`, signal),
    list<RawPod>(quick, `${base("/api/v1", scope)}/pods`, signal),
  ]);
  return jobs
    .map((one) => ({
      job: knownJob(one, { namespace: scope ?? "", name: "" }),
      standing: standingOfJob(one, pods, containerName),
    }))
    .toSorted((a, b) =>
      (b.job.creationTimestamp ?? "").localeCompare(a.job.creationTimestamp ?? ""),
    );
}

/** The raw id from the annotation; the label where there is none. */
export function idOf({ job }: FoundRun, id: keyof typeof labels): string | undefined {
  return job.annotations[annotations[id]] ?? job.labels[labels[id]];
}

/** Fewer characters are more likely a slip than a choice. */
const shortestPrefix = 4;

/**
 * The run that is meant by an id, the beginning of one, or a Job's name. Pure.
 * @throws AdapterError `ADAPTER_NO_SUCH_RUN` when none is, or more than one
 */
export function chooseRun(runs: readonly FoundRun[], word: string, where: string): FoundRun {
  const exact = runs.filter((run) => run.job.name === word || idOf(run, "runId") === word);
  const begun = runs.filter(
    (run) => word.length >= shortestPrefix && idOf(run, "runId")?.startsWith(word) === true,
  );
  const meant = exact.length > 0 ? exact : begun;
  const [run] = meant;
  if (run !== undefined && meant.length === 1) return run;
  const problem =
    run === undefined
      ? `no run ${JSON.stringify(word)} in ${where}; "claude-k8s list" shows those that are there`
      : `${JSON.stringify(word)} is more than one run in ${where}: ${meant.map(nameOf).join(", ")}`;
  throw new AdapterError("ADAPTER_NO_SUCH_RUN", problem);
}

/** @throws AdapterError `ADAPTER_NO_SUCH_RUN` */
export async function findRun(
  connection: Connection,
  word: string,
  signal: AbortSignal,
): Promise<FoundRun> {
  const { scope } = connection;
  const where =
    scope === undefined
      ? "any namespace"
      : `namespace ${scope} (--namespace or --all-namespaces for others)`;
  return chooseRun(await findRuns(connection, signal), word, where);
}

function nameOf(run: FoundRun): string {
  return `${run.job.namespace}/${run.job.name} (run ${idOf(run, "runId") ?? "unknown"})`;
}

function base(api: string, namespace: string | undefined): string {
  return namespace === undefined ? api : `${api}/namespaces/${encodeURIComponent(namespace)}`;
}

async function list<T>(http: KubeHttp, path: string, signal: AbortSignal): Promise<readonly T[]> {
  const answer = await http.request<{ readonly items?: readonly T[] | null }>({
    method: "GET",
    path,
    query: { labelSelector },
    signal,
  });
  // `null` is how Go writes an empty list; an answer without any says nothing.
  if (answer.kind === "ok" && answer.body.items !== undefined) return answer.body.items ?? [];
  throw new OrphanGuardError(
    "ORPHAN_GUARD_BLIND",
    `cannot list ${path}: the answer holds no items`,
  );
}
