import type { KubeQuery } from "./types.ts";

/** A request in the words of RBAC, as a person who must grant a right needs them. */
export type RequestWords = {
  readonly verb: string;
  /** With its subresource: `pods/log`. */
  readonly resource: string;
  readonly group: string;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
};

const verbs: Readonly<Record<string, readonly [named: string, unnamed: string]>> = {
  GET: ["get", "list"],
  POST: ["create", "create"],
  PUT: ["update", "update"],
  PATCH: ["patch", "patch"],
  DELETE: ["delete", "deletecollection"],
};

/** Reads verb, resource, name and namespace off a method and a path of the Kubernetes API. */
export function requestWords(method: string, path: string, query: KubeQuery = {}): RequestWords {
  const segments = path.split("/").filter((segment) => segment !== "");
  const group = segments[0] === "apis" ? (segments[1] ?? "") : "";
  const rest = segments.slice(segments[0] === "apis" ? 3 : 2).map(decoded);
  // `/namespaces/x` alone is the Namespace itself.
  const namespaced = rest[0] === "namespaces" && rest.length > 2;
  const namespace = namespaced ? rest[1] : undefined;
  const [plural, name, ...sub] = namespaced ? rest.slice(2) : rest;
  const [named, unnamed] = verbs[method] ?? [method.toLowerCase(), method.toLowerCase()];
  const watch = query["watch"] === true || query["watch"] === "true" || query["watch"] === 1;
  return {
    verb: watch ? "watch" : name === undefined ? unnamed : named,
    resource: plural === undefined ? path : [plural, ...sub].join("/"),
    group,
    name,
    namespace,
  };
}

/** `get pods/log "x" in namespace "y"` */
export function describeRequest({ verb, resource, group, name, namespace }: RequestWords): string {
  const what = group === "" ? resource : `${resource} (${group})`;
  const which = name === undefined ? "" : ` "${name}"`;
  return `${verb} ${what}${which}${namespace === undefined ? "" : ` in namespace "${namespace}"`}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Only words for people: a segment that is no valid encoding is shown as it is.
    return segment;
  }
}
