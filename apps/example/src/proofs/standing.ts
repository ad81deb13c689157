import type { KubeHttp } from "@claude-k8s/kube-http";

/** How the Jobs of a namespace stand, in a word; `none` without any. */
export type Standing = "none" | "unfinished" | "pending" | "running" | "ended" | "deleting";

/** What the cluster says at one moment of the only Job there is. */
export interface Seen {
  readonly standing: Standing;
  /** Where the host's copy of the output goes to, as it is written on the Job: `TIME COUNT`. */
  readonly cursor: string | undefined;
}

interface Job {
  readonly metadata: {
    readonly name: string;
    readonly deletionTimestamp?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly suspend?: boolean };
  readonly status?: {
    readonly ready?: number;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

interface Place {
  readonly http: KubeHttp;
  readonly namespace: string;
  readonly signal: AbortSignal;
}

/** Asks the API server. */
export async function look({ http, namespace, signal }: Place): Promise<Seen> {
  const [job] = await items<Job>({ http, namespace, signal }, "/apis/batch/v1", "jobs");
  if (job === undefined) return { standing: "none", cursor: undefined };
  return {
    standing: standingOf(job),
    cursor: job.metadata.annotations?.["claude-k8s/log-cursor"],
  };
}

/**
 * How many lines of the program's log a stored cursor is behind of: 0 without one; `undefined` when the log
 * does not know its time any more.
 */
export async function linesBefore(
  place: Place,
  cursor: string | undefined,
): Promise<number | undefined> {
  if (cursor === undefined) return 0;
  const [time = "", count = ""] = cursor.split(" ");
  const { http, namespace, signal } = place;
  const [pod] = await items<Job>(place, "/api/v1", "pods");
  if (pod === undefined) return undefined;
  const { body } = await http.open({
    path: `/api/v1/namespaces/${namespace}/pods/${pod.metadata.name}/log`,
    query: { timestamps: "true" },
    signal,
  });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString("utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith(`${time} `));
  return first < 0 ? undefined : first + Number(count);
}

/** Names of the Leases by which processes supervise. */
export async function leases(place: Place): Promise<readonly string[]> {
  const found = await items<Job>(place, "/apis/coordination.k8s.io/v1", "leases");
  return found.map(({ metadata }) => metadata.name);
}

async function items<T>(
  { http, namespace, signal }: Place,
  group: string,
  plural: string,
): Promise<readonly T[]> {
  const path = `${group}/namespaces/${namespace}/${plural}`;
  const answer = await http.request<{ readonly items: readonly T[] }>({
    method: "GET",
    path,
    signal,
  });
  if (answer.kind !== "ok") throw new Error(`cannot list ${plural}: ${answer.kind}`);
  return answer.body.items;
}

function standingOf({ metadata, spec, status }: Job): Standing {
  if (metadata.deletionTimestamp !== undefined) return "deleting";
  const ends = ["Complete", "Failed", "SuccessCriteriaMet", "FailureTarget"];
  const isOver = status?.conditions?.some(
    ({ type, status: is }) => is === "True" && ends.includes(type),
  );
  if (isOver === true) return "ended";
  if (spec.suspend === true) return "unfinished";
  return (status?.ready ?? 0) > 0 ? "running" : "pending";
}
