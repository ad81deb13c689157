import type { KubeHttp } from "@claude-k8s/kube-http";
import { asked } from "./kube-fault.ts";
import type { RawEvent, RawJob, RawList, RawNode, RawPod } from "./kube-objects.ts";
import { listItems } from "./list-items.ts";
import { eventsPath, jobPath, nodePath, podsPath } from "./paths.ts";
import type { JobReader } from "./ports.ts";
import { eventSnapshots } from "./event-snapshots.ts";
import { jobSnapshot, nodeSnapshot, podSnapshot } from "./snapshot.ts";
import type { JobSnapshot, NodeSnapshot, PodSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

/** Reads one Job and its pods by plain requests. */
export function kubeJobReader(http: KubeHttp): JobReader {
  return {
    readJob: (job, signal) => readJob(http, job, signal),
    listPods: (job, signal) => listPods(http, job, signal),
    async readEvents({ kind, namespace, name, uid }, signal) {
      const fieldSelector = [
        `involvedObject.kind=${kind}`,
        `involvedObject.name=${name}`,
        ...(uid === undefined ? [] : [`involvedObject.uid=${uid}`]),
      ].join(",");
      const path = eventsPath(namespace);
      const query = { fieldSelector, limit: 50 };
      const answer = await asked(
        http.request<RawList<RawEvent>>({ method: "GET", path, query, signal }),
        signal,
      );
      return answer.kind === "ok" ? eventSnapshots(answer.body.items ?? []) : [];
    },
    readNode: (name, signal) => readNode(http, name, signal),
  };
}

export async function readJob(
  http: KubeHttp,
  job: JobRef,
  signal: AbortSignal,
): Promise<JobSnapshot | undefined> {
  const answer = await asked(
    http.request<RawJob>({ method: "GET", path: jobPath(job), signal }),
    signal,
  );
  return answer.kind === "ok" ? jobSnapshot(answer.body) : undefined;
}

export async function listPods(
  http: KubeHttp,
  job: JobRef,
  signal: AbortSignal,
): Promise<readonly PodSnapshot[]> {
  const query = { labelSelector: `job-name=${job.name}` };
  const path = podsPath(job.namespace);
  const answer = await asked(
    http.request<RawList<RawPod>>({ method: "GET", path, query, signal }),
    signal,
  );
  const list = answer.kind === "ok" ? answer.body : undefined;
  return listItems(list, `list pods in namespace "${job.namespace}"`).map(podSnapshot);
}

export async function readNode(
  http: KubeHttp,
  name: string,
  signal: AbortSignal,
): Promise<NodeSnapshot | undefined> {
  const path = nodePath(name);
  const answer = await asked(http.request<RawNode>({ method: "GET", path, signal }), signal);
  return answer.kind === "ok" ? nodeSnapshot(answer.body) : undefined;
}
