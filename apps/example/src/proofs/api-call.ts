/** A request to the API server, in Kubernetes' words. */
export interface ApiCall {
  /** get, list, watch, create, patch, delete. */
  readonly verb: string;
  /** `jobs`, `pods/log` … */
  readonly resource: string;
  /** Of an object that is made, what it is called. */
  readonly name: string | undefined;
  /** What a patch is about: its annotations, or other members. Empty for everything else. */
  readonly about: string;
}

interface Body {
  readonly metadata?: {
    readonly name?: string;
    readonly annotations?: Readonly<Record<string, unknown>>;
    readonly ownerReferences?: unknown;
  };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Reads method, path with query, and body of a request. */
export function apiCall(method: string, url: string, body: string): ApiCall {
  const { pathname, searchParams } = new URL(url, "http://api");
  const [, name, subresource] = partsOf(pathname);
  const [plural = pathname] = partsOf(pathname);
  const given = body.startsWith("{") ? readBody(body) : {};
  return {
    verb: verbOf(method, name, searchParams),
    resource: subresource === undefined ? plural : `${plural}/${subresource}`,
    name: name ?? given.metadata?.name,
    about: method === "PATCH" ? aboutPatch(given) : "",
  };
}

/** `patch jobs (log-cursor)`: calls of one text do the same. */
export function callText({ verb, resource, about }: ApiCall): string {
  return about === "" ? `${verb} ${resource}` : `${verb} ${resource} (${about})`;
}

/** It changed something that belongs to a run. A process's own Lease does not. */
export function isWriteOnRun({ verb, resource }: ApiCall): boolean {
  return ["create", "update", "patch", "delete"].includes(verb) && resource !== "leases";
}

/** A watch, or a log that is followed: its answer has no end of its own. */
export function isStream({ verb, resource }: ApiCall): boolean {
  return verb === "watch" || resource === "pods/log";
}

/** Resource, name and subresource of `/api/v1/namespaces/N/pods/P/log` and the like. */
function partsOf(pathname: string): readonly string[] {
  const parts = pathname.split("/").slice(1);
  const rest = parts[0] === "api" ? parts.slice(2) : parts.slice(3);
  return rest[0] === "namespaces" && rest.length > 2 ? rest.slice(2) : rest;
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  if (query.get("watch") === "true" || query.get("watch") === "1") return "watch";
  if (method === "GET") return name === undefined ? "list" : "get";
  return { POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" }[method] ?? method;
}

function aboutPatch({ metadata = {}, spec = {} }: Body): string {
  const marks = Object.entries(metadata.annotations ?? {})
    // Who writes is in every guarded patch; what it says is the rest.
    .map(([key, value]) => `${value === null ? "no " : ""}${key.replace(/^[^/]*\//u, "")}`);
  const owner = metadata.ownerReferences === undefined ? [] : ["owner"];
  return [...marks, ...owner, ...Object.keys(spec)].join(", ");
}

function readBody(text: string): Body {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only read for a word about it
    return JSON.parse(text) as Body;
  } catch {
    // A JSON patch, or nothing that can be read: the call is named by its verb alone.
    return {};
  }
}
