import { createJobHub, type JobHub, kubeJobControl } from "@claude-k8s/job-watch";
import { kubeLogSource } from "@claude-k8s/log-stream";
import { kubeJobStore } from "@claude-k8s/orphan-guard";
import { labelSelector } from "../cluster/marks.ts";
import type { RunSink } from "../host/sink.ts";
import type { Cluster } from "../run/cluster.ts";
import { plainHold } from "../run/job-hold.ts";
import type { JobRun } from "../run/job-run.ts";
import { newObservation } from "../run/observation.ts";
import { parseSettings } from "../settings/settings.ts";
import type { Connection } from "./connection.ts";
import type { FoundRun } from "./find-runs.ts";

/** A week: whoever looks on ends it by Ctrl-C, and is not in a hurry for the Job. */
const patienceSec = 604_800;

/** A run as the adapter follows one, begun from its Job; `reattached`: a Job without a pod is given up soon. */
export function followedRun(
  connection: Connection,
  { job }: FoundRun,
  { sink, reattached }: { readonly sink: RunSink; readonly reattached: boolean },
): JobRun {
  const { namespace, name, uid } = job;
  const { settings } = parseSettings({
    unschedulableWaitSec: patienceSec,
    imagePullGraceSec: patienceSec,
  });
  const cluster = clusterOf(connection, namespace);
  return {
    job: { namespace, name, ...(uid === undefined ? {} : { uid }), reattached },
    hold: plainHold(cluster.jobs, job),
    cluster,
    sink,
    settings,
    seen: newObservation(),
  };
}

/** What a person has read is nothing that a server has: no position is kept. */
function clusterOf({ patient, quick }: Connection, namespace: string): Cluster {
  const hubs: JobHub[] = [];
  return {
    admission: kubeJobStore(quick),
    jobs: kubeJobStore(patient),
    control: kubeJobControl(patient),
    logs: kubeLogSource(patient),
    keepsPositions: false,
    watcher(policy) {
      const hub = createJobHub({ http: patient, namespace, labelSelector, policy });
      hubs.push(hub);
      return hub;
    },
    close: async () => {
      await Promise.all(hubs.splice(0).map((hub) => hub.close()));
    },
  };
}
