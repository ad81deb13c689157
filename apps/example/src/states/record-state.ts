import { setTimeout as sleep } from "node:timers/promises";
import type { KubeHttp } from "@claude-k8s/kube-http";
import type { V1Job, V1Pod, V1PodStatus } from "@kubernetes/client-node";
import { type State, stateJob, type StateSeen, type StateWorld } from "./state.ts";

/** One message of a watch, and when it came, in milliseconds since the Job was made. */
export interface Message {
  readonly at: number;
  readonly resource: "jobs" | "pods" | "events";
  readonly type: string;
  readonly object: Written;
}

/** What a watch brings, as far as it is looked at: a Job, a pod or an event. */
interface Written {
  readonly metadata?: V1Pod["metadata"];
  readonly reason?: string;
  readonly spec?: { readonly ttlSecondsAfterFinished?: number };
  readonly status?: Pick<
    V1PodStatus,
    "phase" | "reason" | "containerStatuses" | "initContainerStatuses"
  > & {
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

export interface Made {
  readonly job: V1Job;
  readonly messages: readonly Message[];
}

const group = { jobs: "/apis/batch/v1", pods: "/api/v1", events: "/api/v1" };

export interface RecordOptions {
  /** Does something to the cluster; settles when it is over. */
  readonly fault?: (name: string, seconds: number) => Promise<void>;
  /** Told when the Job was made. */
  readonly onMade?: (uid: string) => void;
  /** Ends the recording before the state has settled of itself. */
  readonly isEnough?: () => boolean;
}

/** The name of every state's Job: each has a namespace of its own. */
export const jobName = "run";

const longestStartMs = 60_000;

/** Brings the world to a state and keeps every word of three bare watches, until the state has settled. */
export async function recordState(
  state: State,
  world: StateWorld,
  { fault, onMade, isEnough = () => false }: RecordOptions = {},
): Promise<Made> {
  const over = new AbortController();
  const signal = AbortSignal.any([world.signal, over.signal]);
  const messages: Message[] = [];
  const started = performance.now();
  const take = (message: Omit<Message, "at">): void =>
    void messages.push({ at: Math.round(performance.now() - started), ...message });
  const watches = (["jobs", "pods", "events"] as const).map((resource) =>
    watch(world, resource, { take, signal }),
  );
  const made = await world.http.request<V1Job>({
    method: "POST",
    path: `${group.jobs}/namespaces/${world.namespace}/jobs`,
    body: stateJob(state, world, jobName),
    signal: world.signal,
  });
  if (made.kind !== "ok") throw new Error(`${state.name}: ${JSON.stringify(made)}`);
  onMade?.(made.body.metadata?.uid ?? "");
  const recordMs = state.recordMs ?? 9_000;
  let acted = state.act === undefined;
  // Where many pods are started at once it takes its time until there is something to act on.
  let until = performance.now() + (acted ? recordMs : longestStartMs + recordMs);
  let faulted: Promise<void> | undefined;
  for (let settledAt: number | undefined; performance.now() < until; await sleep(20)) {
    const seen = seenOf(made.body, messages);
    if (!acted && state.act?.when(seen) === true) {
      acted = true;
      await state.act.does(world, seen);
      until = performance.now() + recordMs;
    }
    const [does, seconds] = faultOf(state);
    if (fault !== undefined && does !== undefined && isRunning(seen.pod))
      faulted ??= fault(does, seconds);
    if (isEnough()) break;
    if (isSettled(messages)) settledAt ??= performance.now();
    if (settledAt !== undefined && performance.now() - settledAt > 1_500) break;
  }
  await faulted;
  over.abort();
  await Promise.allSettled(watches);
  return { job: made.body, messages };
}

/** Long enough for the node to be noticed as away, short enough for the API server to be waited for. */
function faultOf({ needs }: State): readonly [string | undefined, number] {
  if (needs === "kubelet-down") return [needs, 75];
  return needs === "apiserver-down" ? [needs, 20] : [undefined, 0];
}

const isRunning = (pod: V1Pod | undefined): boolean =>
  pod?.status?.containerStatuses?.[0]?.state?.running != null;

function seenOf(job: V1Job, messages: readonly Message[]): StateSeen {
  const last = messages.findLast(
    (one) => one.resource === "pods" && one.object.metadata?.name?.startsWith(`${jobName}-`),
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a watch of pods brings pods
  return { job, pod: last?.object as V1Pod | undefined };
}

/** The Job has finished, and no pod is on its way out; or it has gone. */
function isSettled(messages: readonly Message[]): boolean {
  const job = messages.findLast(({ resource }) => resource === "jobs");
  if (job?.type === "DELETED") return true;
  const { status, spec } = job?.object ?? {};
  if (spec?.ttlSecondsAfterFinished !== undefined) return false;
  return status?.conditions?.some(({ type }) => type === "Complete" || type === "Failed") === true;
}

async function watch(
  { http, namespace }: { readonly http: KubeHttp; readonly namespace: string },
  resource: keyof typeof group,
  { take, signal }: { take: (message: Omit<Message, "at">) => void; signal: AbortSignal },
): Promise<void> {
  let resourceVersion = "0";
  const taken = new Set<string>();
  while (!signal.aborted) {
    try {
      const stream = await http.open({
        path: `${group[resource]}/namespaces/${namespace}/${resource}`,
        query: { watch: true, resourceVersion, allowWatchBookmarks: true },
        signal,
      });
      let rest = "";
      const decoder = new TextDecoder();
      for await (const chunk of stream.body) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) {
          // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API's own shape
          const { type, object } = JSON.parse(line) as { type: string; object: Written };
          const version = object.metadata?.resourceVersion;
          // Too old a version: all there is comes again, and is kept once.
          resourceVersion = type === "ERROR" ? "0" : (version ?? resourceVersion);
          const key = `${type} ${object.metadata?.uid ?? ""} ${version ?? ""}`;
          if (type === "BOOKMARK" || type === "ERROR" || taken.has(key)) continue;
          const isKnown =
            type === "ADDED" &&
            taken.has(`MODIFIED ${object.metadata?.uid ?? ""} ${version ?? ""}`);
          taken.add(key);
          if (!isKnown) take({ resource, type, object });
        }
      }
    } catch {
      // The API server may be what the state takes away; the watch goes on from its last version.
      await sleep(100);
    }
  }
}
