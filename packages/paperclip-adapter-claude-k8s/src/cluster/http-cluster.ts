import { AsyncLocalStorage } from "node:async_hooks";
import { createJobHub, type JobHub, type JobPolicy, kubeJobControl } from "@claude-k8s/job-watch";
import type { KubeHttp } from "@claude-k8s/kube-http";
import { kubeLogSource } from "@claude-k8s/log-stream";
import { kubeJobStore } from "@claude-k8s/orphan-guard";
import type { Cluster } from "../run/cluster.ts";
import type { Shutdown } from "../cancel/shutdown.ts";
import type { FollowedJobs } from "../run/followed-jobs.ts";
import { jobEvents } from "./job-events.ts";
import { labelSelector } from "./marks.ts";
import { startSupervision, type Supervision } from "./supervision.ts";
import type { SupervisionTimes } from "./supervision-times.ts";

/** The connections of one cluster. */
interface Connections {
  readonly http: KubeHttp;
  /** The same server, with seconds of patience instead of half a minute. */
  readonly quick: KubeHttp;
}

/** What clusters share with the process they are in. */
export interface HttpClusterParts {
  readonly shutdown: Shutdown;
  readonly followed: FollowedJobs;
  readonly times?: SupervisionTimes | undefined;
}

/** Opens the production binding for one run; what runs can share, they share. */
export type OpenHttpCluster = (connections: Connections, namespace: string) => Cluster;

interface SharedHub {
  readonly hub: JobHub;
  users: number;
}

/**
 * Runs of the same namespace and policy share one pair of watches. It starts with the first of them and is
 * closed with the last, so that an idle process holds no connection. The supervision of a namespace also
 * starts with the first run, and lasts as long as the process.
 *
 * All of it is begun apart from the run that happens to be the first: a host that traces its requests by their async
 * context would take what is asked for all runs, for as long as the process lives, for that one's.
 */
export function createHttpClusters(parts: HttpClusterParts): OpenHttpCluster {
  const apart = AsyncLocalStorage.snapshot();
  const supervisions = new WeakMap<KubeHttp, Map<string, Promise<Supervision>>>();
  const supervisionOf = ({ http, quick }: Connections, namespace: string): Promise<Supervision> => {
    const ofServer = supervisions.get(http) ?? new Map<string, Promise<Supervision>>();
    supervisions.set(http, ofServer);
    const known = ofServer.get(namespace);
    if (known !== undefined) return known;
    const onEnd = (): void => void ofServer.delete(namespace);
    const begun = apart(() => startSupervision({ ...parts, http, quick, namespace, onEnd }));
    ofServer.set(namespace, begun);
    begun.catch(onEnd); // The run that asked hears of it.
    return begun;
  };
  const hubs = new Map<KubeHttp, Map<string, SharedHub>>();

  const acquire = (
    http: KubeHttp,
    namespace: string,
    policy: JobPolicy,
  ): [JobHub, () => Promise<void>] => {
    const ofServer = hubs.get(http) ?? new Map<string, SharedHub>();
    hubs.set(http, ofServer);
    const key = `${namespace} ${JSON.stringify(policy)}`;
    const shared = ofServer.get(key) ?? {
      hub: watchingApart(createJobHub({ http, namespace, labelSelector, policy }), apart),
      users: 0,
    };
    ofServer.set(key, shared);
    shared.users += 1;
    const release = async (): Promise<void> => {
      shared.users -= 1;
      if (shared.users > 0) return;
      ofServer.delete(key);
      if (ofServer.size === 0) hubs.delete(http);
      await shared.hub.close();
    };
    return [shared.hub, release];
  };

  return ({ http, quick }, namespace) => {
    const releases: (() => Promise<void>)[] = [];
    return {
      admission: kubeJobStore(quick),
      jobs: kubeJobStore(http),
      control: kubeJobControl(http),
      logs: kubeLogSource(http),
      keepsPositions: true,
      noteEveryMs: parts.times?.noteEveryMs,
      supervision: () => supervisionOf({ http, quick }, namespace),
      events: (subjects, signal) => jobEvents(quick, subjects, signal),
      watcher(policy) {
        const [hub, release] = acquire(http, namespace, policy);
        releases.push(release);
        return hub;
      },
      close: async () => {
        await Promise.all(releases.splice(0).map((release) => release()));
      },
    };
  };
}

/** The hub's watches begin with the first `watch`, when it is called. */
function watchingApart(hub: JobHub, apart: <T>(work: () => T) => T): JobHub {
  return { ...hub, watch: (job, options) => apart(() => hub.watch(job, options)) };
}
