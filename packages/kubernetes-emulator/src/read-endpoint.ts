import type { ApiRequest } from "./api-request.ts";
import type { KubeObject } from "./kube-object.ts";
import { requestFilter } from "./list-query.ts";
import { apiVersion, type Resource } from "./resources.ts";
import { json, type Answer, type ServerParts } from "./server-parts.ts";
import { badRequest, notFound, StatusError } from "./status-error.ts";
import { tableOf, wantsTable } from "./tables.ts";

/** GET of one object. */
export function getObject(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  const { namespace, name = "" } = request;
  const object = parts.store.table(resource).get(resource.namespaced ? namespace : undefined, name);
  if (object === undefined) throw notFound(resource, name);
  if (!wantsTable(request)) return json(object);
  return json(
    tableOf(
      resource,
      [object],
      { resourceVersion: object.metadata.resourceVersion },
      parts.clock.now(),
    ),
  );
}

/** GET of a collection, in pages when `limit` says so. */
export function listObjects(parts: ServerParts, request: ApiRequest, resource: Resource): Answer {
  const filter = requestFilter(request, resource);
  checkVersion(parts, request);
  const page = parsePage(parts, request);
  const isCheap = request.query.get("resourceVersion") === "0";
  const all = (isCheap ? parts.cache.list(resource) : parts.store.table(resource).list()).filter(
    filter,
  );
  const rest =
    page.after === undefined ? all : all.filter((one) => keyOf(one) > (page.after ?? ""));
  const items = page.limit === undefined ? rest : rest.slice(0, page.limit);
  const last = items.at(-1);
  const remaining = rest.length - items.length;
  const metadata = {
    resourceVersion: isCheap ? String(parts.cache.version()) : page.version,
    ...(remaining > 0 && last !== undefined
      ? { continue: encodePage(page.version, keyOf(last)), remainingItemCount: remaining }
      : {}),
  };
  if (wantsTable(request)) return json(tableOf(resource, items, metadata, parts.clock.now()));
  const untyped = items.map(({ apiVersion: _version, kind: _kind, ...item }) => item);
  return json({
    kind: `${resource.kind}List`,
    apiVersion: apiVersion(resource),
    metadata,
    items: untyped,
  });
}

/** "Too large resource version" for what is not yet there; a list of `0` or an old version may be newer. */
function checkVersion(parts: ServerParts, { query }: ApiRequest): void {
  const asked = Number(query.get("resourceVersion") ?? "0");
  const match = query.get("resourceVersionMatch");
  if (!Number.isInteger(asked) || asked < 0) {
    const text = query.get("resourceVersion") ?? "";
    throw badRequest(
      `invalid resource version: resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`,
    );
  }
  if (asked > parts.store.version()) {
    throw new StatusError(
      504,
      "Timeout",
      `Too large resource version: ${asked}, current: ${parts.store.version()}`,
      { retryAfterSeconds: 1 },
    );
  }
  if (match === "Exact" && asked < parts.store.oldest()) {
    throw new StatusError(410, "Expired", `The resourceVersion for the provided list is too old.`);
  }
}

interface Page {
  readonly limit?: number;
  readonly after?: string;
  readonly version: string;
}

function parsePage(parts: ServerParts, { query }: ApiRequest): Page {
  const limit = Number(query.get("limit") ?? "0");
  const token = query.get("continue");
  const size = limit > 0 ? { limit } : {};
  if (token === null || token === "") return { ...size, version: String(parts.store.version()) };
  const [version = "", after = ""] = Buffer.from(token, "base64url").toString().split("\n", 2);
  if (!/^\d+$/.test(version)) throw badRequest("continue key is not valid: malformed token");
  if (Number(version) < parts.store.oldest()) {
    throw new StatusError(
      410,
      "Expired",
      "The provided continue parameter is too old to display a consistent list result.",
    );
  }
  return { ...size, version, after };
}

function encodePage(version: string, after: string): string {
  return Buffer.from(`${version}\n${after}`).toString("base64url");
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
