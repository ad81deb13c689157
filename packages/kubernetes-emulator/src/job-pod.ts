import type { Identity } from "./identity.ts";
import type { Job, Pod } from "./kube-object.ts";

export const trackingFinalizer = "batch.kubernetes.io/job-tracking";

/** The pod the Job controller makes: name, labels, owner and the finalizer it tracks by. */
export function podOfJob(job: Job, identity: Identity, now: string): Pod {
  const { name, namespace, uid } = job.metadata;
  const { metadata = {}, spec } = structuredClone(job.spec.template);
  const generateName = `${name.slice(0, 57)}-`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${generateName}${identity.suffix()}`,
      generateName,
      ...(namespace === undefined ? {} : { namespace }),
      uid: identity.uid(),
      resourceVersion: "",
      generation: 1,
      creationTimestamp: now,
      labels: { ...metadata.labels },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ownerReferences: [
        {
          apiVersion: "batch/v1",
          kind: "Job",
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      finalizers: [trackingFinalizer],
    },
    spec,
    status: { phase: "Pending", qosClass: "BestEffort" },
  };
}

export function isEnded(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}
