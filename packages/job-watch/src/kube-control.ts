import type { KubeHttp } from "@claude-k8s/kube-http";
import { listPods, readJob, readNode } from "./kube-binding.ts";
import { asked } from "./kube-fault.ts";
import { jobPath, podPath } from "./paths.ts";
import type { JobControl } from "./ports.ts";
import { preconditionsOf } from "./preconditions.ts";

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
    listPods: (job, signal) => listPods(http, job, signal),
    async deletePod({ uid, graceSeconds, ...pod }, signal) {
      const body = {
        ...preconditionsOf({ uid }),
        ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds }),
      };
      const path = podPath(pod);
      const answer = await asked(
        http.request({ method: "DELETE", path, body, repeatable: true, signal }),
        signal,
      );
      if (answer.kind === "conflict") return "another";
      return answer.kind === "ok" ? "accepted" : "gone";
    },
    readNode: (name, signal) => readNode(http, name, signal),
  };
}
