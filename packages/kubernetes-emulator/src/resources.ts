/** One kind of object the server keeps. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly string[];
}

/** Everything the emulator stores. Discovery, routing and tables all read this list. */
export const resources: readonly Resource[] = [
  core("namespaces", "namespace", "Namespace", { namespaced: false, shortNames: ["ns"] }),
  core("nodes", "node", "Node", {
    namespaced: false,
    shortNames: ["no"],
    subresources: ["status"],
  }),
  core("pods", "pod", "Pod", {
    shortNames: ["po"],
    categories: ["all"],
    subresources: ["eviction", "log", "status"],
  }),
  core("secrets", "secret", "Secret", {}),
  core("configmaps", "configmap", "ConfigMap", { shortNames: ["cm"] }),
  core("events", "event", "Event", { shortNames: ["ev"] }),
  core("serviceaccounts", "serviceaccount", "ServiceAccount", { shortNames: ["sa"] }),
  core("persistentvolumeclaims", "persistentvolumeclaim", "PersistentVolumeClaim", {
    shortNames: ["pvc"],
  }),
  core("resourcequotas", "resourcequota", "ResourceQuota", {
    shortNames: ["quota"],
    subresources: ["status"],
  }),
  {
    group: "batch",
    version: "v1",
    plural: "jobs",
    singular: "job",
    kind: "Job",
    namespaced: true,
    categories: ["all"],
    subresources: ["status"],
  },
  {
    group: "coordination.k8s.io",
    version: "v1",
    plural: "leases",
    singular: "lease",
    kind: "Lease",
    namespaced: true,
  },
];

function core(plural: string, singular: string, kind: string, rest: Partial<Resource>): Resource {
  return { group: "", version: "v1", plural, singular, kind, namespaced: true, ...rest };
}

export function apiVersion(resource: Resource): string {
  return resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
}

/** `jobs.batch`, as error messages name a resource. */
export function qualified(resource: Resource): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function findResource(group: string, version: string, plural: string): Resource | undefined {
  return resources.find(
    (one) => one.group === group && one.version === version && one.plural === plural,
  );
}
