import type { ApiRequest } from "./api-request.ts";
import type { ContainerStatus, KubeObject } from "./kube-object.ts";
import { isJsonObject, member, numberMember, textMember } from "./json.ts";
import type { Resource } from "./resources.ts";

/** Whether a client asks for `meta.k8s.io/v1` Tables, as kubectl does. */
export function wantsTable({ headers }: ApiRequest): boolean {
  const [first = ""] = String(headers["accept"] ?? "").split(",");
  return /;as=Table/.test(first) && /;v=v1(;|$)/.test(first) && first.includes("application/json");
}

interface Column {
  readonly name: string;
  readonly value: (object: KubeObject, now: number) => unknown;
  readonly type?: string;
}

/** Objects as kubectl prints them. */
export function tableOf(
  resource: Resource,
  objects: readonly KubeObject[],
  metadata: object,
  now: number,
): object {
  const columns = columnsOf(resource);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata,
    columnDefinitions: columns.map(({ name, type = "string" }) => ({
      name,
      type,
      format: name === "Name" ? "name" : "",
      description: name,
      priority: 0,
    })),
    rows: objects.map((object) => ({
      cells: columns.map((column) => column.value(object, now)),
      object: {
        kind: "PartialObjectMetadata",
        apiVersion: "meta.k8s.io/v1",
        metadata: object.metadata,
      },
    })),
  };
}

const name: Column = { name: "Name", value: (one) => one.metadata.name };
const age: Column = {
  name: "Age",
  value: (one, now) => duration(now - Date.parse(one.metadata.creationTimestamp)),
};

function columnsOf(resource: Resource): Column[] {
  return [name, ...(special[resource.kind] ?? []), age];
}

const special: Readonly<Record<string, readonly Column[]>> = {
  Pod: [
    { name: "Ready", value: (pod) => readiness(pod) },
    { name: "Status", value: (pod) => podWord(pod) },
    {
      name: "Restarts",
      type: "integer",
      value: (pod) => statuses(pod).reduce((sum, one) => sum + one.restartCount, 0),
    },
  ],
  Job: [
    { name: "Status", value: (job) => jobWord(job) },
    {
      name: "Completions",
      value: (job) =>
        `${numberMember(job["status"], "succeeded") ?? 0}/${numberMember(job["spec"], "completions") ?? 1}`,
    },
    { name: "Duration", value: (job, now) => jobDuration(job, now) },
  ],
  Namespace: [{ name: "Status", value: (one) => textMember(one["status"], "phase") ?? "" }],
  Node: [{ name: "Status", value: () => "Ready" }],
  Secret: [
    { name: "Type", value: (one) => textMember(one, "type") ?? "Opaque" },
    {
      name: "Data",
      type: "integer",
      value: (one) => Object.keys(isJsonObject(one["data"]) ? one["data"] : {}).length,
    },
  ],
  ConfigMap: [
    {
      name: "Data",
      type: "integer",
      value: (one) => Object.keys(isJsonObject(one["data"]) ? one["data"] : {}).length,
    },
  ],
  Event: [
    { name: "Type", value: (one) => textMember(one, "type") ?? "" },
    { name: "Reason", value: (one) => textMember(one, "reason") ?? "" },
    {
      name: "Object",
      value: (one) =>
        `${(textMember(one["involvedObject"], "kind") ?? "").toLowerCase()}/${textMember(one["involvedObject"], "name") ?? ""}`,
    },
    { name: "Message", value: (one) => textMember(one, "message") ?? "" },
  ],
};

function statuses(pod: KubeObject): ContainerStatus[] {
  const list = member(pod["status"], "containerStatuses");
  return Array.isArray(list) ? list : [];
}

function readiness(pod: KubeObject): string {
  const containers = member(pod["spec"], "containers");
  const all = Array.isArray(containers) ? containers.length : 0;
  return `${statuses(pod).filter((one) => one.ready).length}/${all}`;
}

/** kubectl's STATUS: what a container waits for or ended with, before the phase. */
function podWord(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) return "Terminating";
  let word = textMember(pod["status"], "reason") ?? textMember(pod["status"], "phase") ?? "Unknown";
  for (const { state } of statuses(pod)) {
    word = state.waiting?.reason ?? state.terminated?.reason ?? word;
  }
  return word;
}

function conditionTime(job: KubeObject, type: string): string | undefined {
  const conditions = member(job["status"], "conditions");
  if (!Array.isArray(conditions)) return undefined;
  const found: unknown = conditions.find(
    (one) => textMember(one, "type") === type && textMember(one, "status") === "True",
  );
  return textMember(found, "lastTransitionTime");
}

function jobWord(job: KubeObject): string {
  const types = ["Complete", "Failed", "FailureTarget", "SuccessCriteriaMet", "Suspended"];
  if (job.metadata.deletionTimestamp !== undefined) return "Terminating";
  return types.find((type) => conditionTime(job, type) !== undefined) ?? "Running";
}

function jobDuration(job: KubeObject, now: number): string {
  const start = textMember(job["status"], "startTime");
  if (start === undefined) return "";
  const end = textMember(job["status"], "completionTime") ?? conditionTime(job, "Failed");
  return duration((end === undefined ? now : Date.parse(end)) - Date.parse(start));
}

/** Short, as kubectl has it: 12s, 3m5s, 2h, 4d. */
function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10 && seconds % 60 > 0) return `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  return minutes < 2880 ? `${Math.floor(minutes / 60)}h` : `${Math.floor(minutes / 1440)}d`;
}
