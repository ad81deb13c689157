import { findResource, type Resource } from "./resources.ts";

/** A request in Kubernetes' words. */
export interface ApiRequest {
  readonly method: string;
  readonly url: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly verb: string;
  readonly resource?: Resource;
  /** The resource's word in the path, known or not. */
  readonly plural?: string;
  readonly group?: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  /** Parsed JSON, or undefined when there was no body. */
  readonly body: unknown;
}

export type RequestTarget = Omit<ApiRequest, "body" | "headers">;

/** Reads method and URL: `/api/v1/…` and `/apis/GROUP/VERSION/…`, with or without namespace. */
export function parseTarget(method: string, url: string): RequestTarget {
  const { pathname, searchParams: query } = new URL(url, "http://emulator");
  const path = pathname.replace(/\/+$/, "") || "/";
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const coreApi = parts[0] === "api";
  const [group = "", version = "", ...rest] = coreApi ? ["", ...parts.slice(1)] : parts.slice(1);
  if (!["api", "apis"].includes(parts[0] ?? "") || rest.length === 0) {
    return { method, url, path, query, verb: method.toLowerCase() };
  }
  const inside =
    rest[0] === "namespaces" && rest.length > 2 && !["status", "finalize"].includes(rest[2] ?? "");
  const [plural = "", name, subresource] = inside ? rest.slice(2) : rest;
  const namespace = inside ? rest[1] : plural === "namespaces" ? name : undefined;
  const resource = findResource(group, version, plural);
  return {
    method,
    url,
    path,
    query,
    verb: verbOf(method, name, query),
    plural,
    group,
    ...(resource === undefined ? {} : { resource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function verbOf(method: string, name: string | undefined, query: URLSearchParams): string {
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  if (method === "PATCH") return "patch";
  if (method === "DELETE") return name === undefined ? "deletecollection" : "delete";
  if (["true", "1"].includes(query.get("watch") ?? "")) return "watch";
  return name === undefined ? "list" : "get";
}
