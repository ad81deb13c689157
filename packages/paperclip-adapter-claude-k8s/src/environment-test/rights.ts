/** A right that runs need in the namespace of their Jobs, in the words of RBAC. */
export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly verb: string;
  /** What does not work without it. */
  readonly without: string;
}

const batch = "batch";
const core = "";

/** Everything a run asks of the API server, and nothing more. README and environment test come from here. */
export const rights: readonly Right[] = [
  { group: batch, resource: "jobs", verb: "create", without: "no run can start" },
  {
    group: batch,
    resource: "jobs",
    verb: "get",
    without: "an unclear creation cannot be looked up",
  },
  {
    group: batch,
    resource: "jobs",
    verb: "list",
    without: "no run can start: nobody knows whether one is going on",
  },
  {
    group: batch,
    resource: "jobs",
    verb: "watch",
    without: "changes are seen only by asking again and again",
  },
  { group: batch, resource: "jobs", verb: "patch", without: "a prepared Job cannot be let go" },
  { group: batch, resource: "jobs", verb: "delete", without: "Jobs are left behind" },
  {
    group: core,
    resource: "pods",
    verb: "get",
    without: "the end of a program cannot be established",
  },
  { group: core, resource: "pods", verb: "list", without: "the pod of a Job cannot be found" },
  {
    group: core,
    resource: "pods",
    verb: "watch",
    without: "changes are seen only by asking again and again",
  },
  {
    group: core,
    resource: "pods",
    subresource: "log",
    verb: "get",
    without: "output cannot be read",
  },
  { group: core, resource: "secrets", verb: "create", without: "the prompt cannot be handed over" },
];

/** `create jobs.batch`, `get pods/log`. */
export function describeRight({ group, resource, subresource, verb }: Right): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${group === "" ? what : `${what}.${group}`}`;
}
