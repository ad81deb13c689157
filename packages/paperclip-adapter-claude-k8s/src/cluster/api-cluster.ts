import {
  apiJobControl,
  apiJobReader,
  type BatchApiLike as StopApiLike,
  createJobPoller,
  type JobWatcher,
  type PodListApiLike,
} from "@claude-k8s/job-watch";
import type { LogApiLike } from "@claude-k8s/log-stream";
import {
  apiJobStore,
  type BatchApiLike as StoreBatchApiLike,
  type CoreApiLike as StoreCoreApiLike,
} from "@claude-k8s/orphan-guard";
import type { Cluster } from "../run/cluster.ts";
import { apiLogs, type PodLogApiLike } from "./api-logs.ts";

/** Objects shaped like client-node's, 1.x or 2.x. */
export interface ClusterApis {
  readonly batch: StoreBatchApiLike & StopApiLike;
  readonly core: StoreCoreApiLike & PodListApiLike & PodLogApiLike;
  readonly log: LogApiLike;
}

/** The binding over client-node-shaped objects: asks every two seconds, and shares nothing between runs. */
export function apiCluster({ batch, core, log }: ClusterApis): Cluster {
  const store = apiJobStore({ batch, core });
  const watchers: JobWatcher[] = [];
  return {
    admission: store,
    jobs: store,
    control: apiJobControl(batch),
    logs: apiLogs(log, core),
    keepsPositions: false,
    watcher(policy) {
      const watcher = createJobPoller({ reader: apiJobReader({ batch, core }), policy });
      watchers.push(watcher);
      return watcher;
    },
    close: async () => {
      await Promise.all(watchers.splice(0).map((watcher) => watcher.close()));
    },
  };
}
