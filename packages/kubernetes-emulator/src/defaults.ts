import { member } from "./json.ts";
import type { Container, Job, KubeObject, Pod, PodSpec } from "./kube-object.ts";

/** Fills in what the API server would ("defaults.go" of batch/v1 and core/v1), in place. */
export function applyDefaults(object: KubeObject): void {
  if (isJob(object)) jobDefaults(object);
  else if (isPod(object)) podDefaults(object);
  else if (object.kind === "Secret") secretDefaults(object);
  else if (object.kind === "ResourceQuota")
    object["status"] = { hard: structuredClone(member(object["spec"], "hard") ?? {}), used: {} };
  else if (object.kind === "Namespace") {
    object["status"] ??= { phase: "Active" };
    object.metadata.labels = {
      "kubernetes.io/metadata.name": object.metadata.name,
      ...object.metadata.labels,
    };
    object.metadata.finalizers = ["kubernetes"];
  }
}

function isJob(object: KubeObject): object is Job {
  return object.kind === "Job";
}

export function isPod(object: KubeObject): object is Pod {
  return object.kind === "Pod";
}

function jobDefaults(job: Job): void {
  const { spec } = job;
  job.status = {};
  spec.completions ??= spec.parallelism === undefined ? 1 : (spec.completions ?? 1);
  spec.parallelism ??= 1;
  spec.backoffLimit ??= 6;
  spec.suspend ??= false;
  spec["completionMode"] ??= "NonIndexed";
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= "TerminatingOrFailed";
  const { uid, name } = job.metadata;
  const own = { "batch.kubernetes.io/controller-uid": uid };
  const metadata = (spec.template.metadata ??= {});
  metadata.labels = {
    ...metadata.labels,
    ...own,
    "batch.kubernetes.io/job-name": name,
    "controller-uid": uid,
    "job-name": name,
  };
  job.metadata.labels ??= { ...metadata.labels };
  spec.selector ??= { matchLabels: own };
  podSpecDefaults(spec.template.spec);
}

function podDefaults(pod: Pod): void {
  pod.status = { phase: "Pending", qosClass: "BestEffort" };
  podSpecDefaults(pod.spec);
}

function podSpecDefaults(spec: PodSpec): void {
  spec.restartPolicy ??= "Always";
  spec.terminationGracePeriodSeconds ??= 30;
  spec["dnsPolicy"] ??= "ClusterFirst";
  spec["schedulerName"] ??= "default-scheduler";
  spec["securityContext"] ??= {};
  spec.serviceAccountName ??= "default";
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    containerDefaults(container);
  }
}

function containerDefaults(container: Container): void {
  const tagged = /:[^/]+$/.test(container.image) && !container.image.endsWith(":latest");
  container.imagePullPolicy ??= tagged ? "IfNotPresent" : "Always";
  container.resources ??= {};
  container["terminationMessagePath"] ??= "/dev/termination-log";
  container["terminationMessagePolicy"] ??= "File";
}

/** `stringData` is write-only: it goes into `data`. */
function secretDefaults(secret: KubeObject): void {
  secret["type"] ??= "Opaque";
  const plain = secret["stringData"];
  if (typeof plain !== "object" || plain === null) return;
  const encoded = Object.entries(plain).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  secret["data"] = { ...Object(secret["data"]), ...Object.fromEntries(encoded) };
  delete secret["stringData"];
}
