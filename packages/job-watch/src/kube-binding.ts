import type { KubeHttp } from "@claude-k8s/kube-http";
import { asked } from "./kube-fault.ts";
import type { RawEvent, RawJob, RawList, RawNode, RawPod } from "./kube-objects.ts";
import { listItems } from "./list-items.ts";
import { preconditionsOf } from "./preconditions.ts";
import { eventsPath, jobPath, nodePath, podPath, podsPath } from "./paths.ts";
import type { JobControl, JobReader } from "./ports.ts";
import { eventSnapshots } from "./event-snapshots.ts";
import { jobSnapshot, nodeSnapshot, podSnapshot } from "./snapshot.ts";
import type { JobSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

/** Reads one Job and its pods by plain requests. */
export function kubeJobReader(http: KubeHttp): JobReader {
  return {
    readJob: (job, signal) => readJob(http, job, signal),
    async listPods(job, signal) {
      const query = { labelSelector: `job-name=${job.name}` };
      const path = podsPath(job.namespace);
      const answer = await asked(
        http.request<RawList<RawPod>>({ method: "GET", path, query, signal }),
        signal,
      );
      const list = answer.kind === "ok" ? answer.body : undefined;
      return listItems(list, `list pods in namespace "${job.namespace}"`).map(podSnapshot);
    },
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
    async readNode(name, signal) {
      const path = nodePath(name);
      const answer = await asked(http.request<RawNode>({ method: "GET", path, signal }), signal);
      return answer.kind === "ok" ? nodeSnapshot(answer.body) : undefined;
    },
  };
}

/** Writes to one Job by plain requests, for `stopJob`. */
export function kubeJobControl(http: KubeHttp): JobControl {
  return {
    readJob: (job, signal) => readJob(http, job, signal),
    async annotate(job, { annotations, resourceVersion }, signal) {
      const metadata = {
        annotations,
        ...(resourceVersion === undefined ? {} : { resourceVersion }),
      };
      const answer = await asked(
        http.request({
          method: "PATCH",
          path: jobPath(job),
          contentType: "application/merge-patch+json",
          body: { metadata },
          // It says what shall be; carried out twice, the second answer is a conflict, which is read again.
          repeatable: true,
          signal,
        }),
        signal,
      );
      if (answer.kind === "ok") return "written";
      return answer.kind === "conflict" ? "conflict" : "gone";
    },
    async deleteJob(job, signal) {
      const preconditions = preconditionsOf(job);
      const answer = await asked(
        http.request({
          method: "DELETE",
          path: jobPath(job),
          body: { propagationPolicy: "Foreground", ...preconditions },
          // Without a uid a repeated delete could hit a later Job of the same name.
          repeatable: job.uid !== undefined,
          signal,
        }),
        signal,
      );
      if (answer.kind === "conflict") return "another";
      return answer.kind === "ok" ? "accepted" : "gone";
    },
  };
}

async function readJob(
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
