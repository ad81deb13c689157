import type { ApiRequest } from "./api-request.ts";
import { describeSchemas } from "./open-api.ts";
import { resources, type Resource } from "./resources.ts";
import { json, type Answer } from "./server-parts.ts";

/** What a client may ask about the server itself; undefined for any other path. */
export function discover({ path, headers }: ApiRequest): Answer | undefined {
  if (path === "/version") return json(version);
  if (["/healthz", "/livez", "/readyz"].includes(path)) {
    return {
      kind: "stream",
      contentType: "text/plain",
      pieces: async function* () {
        yield "ok";
      },
    };
  }
  const aggregated = String(headers["accept"] ?? "").includes("as=APIGroupDiscoveryList");
  const openApi = describeSchemas(path);
  if (openApi !== undefined) return json(openApi);
  if (path === "/api")
    return aggregated ? aggregate([""]) : json({ kind: "APIVersions", versions: ["v1"] });
  if (path === "/apis") return aggregated ? aggregate(groups) : json(groupList());
  const found = groups.find((group) => path === `/apis/${group}`);
  if (found !== undefined)
    return json({ ...groupEntry(found), kind: "APIGroup", apiVersion: "v1" });
  const listed = ["", ...groups].find((group) => path === versionPath(group));
  return listed === undefined ? undefined : json(resourceList(listed));
}

const version = {
  major: "1",
  minor: "35",
  gitVersion: "v1.35.4+emulator",
  gitCommit: "",
  gitTreeState: "clean",
  buildDate: "1970-01-01T00:00:00Z",
  goVersion: "none",
  compiler: "none",
  platform: "emulator/any",
};

const groups: readonly string[] = ["batch", "coordination.k8s.io", "authorization.k8s.io"];

function versionPath(group: string): string {
  return group === "" ? "/api/v1" : `/apis/${group}/v1`;
}

function groupEntry(group: string): { name: string; versions: object[]; preferredVersion: object } {
  const entry = { groupVersion: `${group}/v1`, version: "v1" };
  return { name: group, versions: [entry], preferredVersion: entry };
}

function groupList(): object {
  return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupEntry) };
}

const objectVerbs = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

interface Offered extends Omit<Resource, "group" | "version"> {
  readonly verbs: readonly string[];
}

const accessReview: Offered = {
  plural: "selfsubjectaccessreviews",
  singular: "selfsubjectaccessreview",
  kind: "SelfSubjectAccessReview",
  namespaced: false,
  verbs: ["create"],
};

function offered(group: string): Offered[] {
  if (group === "authorization.k8s.io") return [accessReview];
  return resources
    .filter((one) => one.group === group)
    .map((one) => ({ ...one, verbs: objectVerbs }));
}

function subresourceVerbs(name: string): string[] {
  return name === "log" ? ["get"] : ["get", "patch", "update"];
}

function resourceList(group: string): object {
  const list = offered(group).flatMap((one) => [
    {
      name: one.plural,
      singularName: one.singular,
      namespaced: one.namespaced,
      kind: one.kind,
      verbs: one.verbs,
      ...(one.shortNames === undefined ? {} : { shortNames: one.shortNames }),
      ...(one.categories === undefined ? {} : { categories: one.categories }),
    },
    ...(one.subresources ?? []).map((name) => ({
      name: `${one.plural}/${name}`,
      singularName: "",
      namespaced: one.namespaced,
      kind: one.kind,
      verbs: subresourceVerbs(name),
    })),
  ]);
  const groupVersion = group === "" ? "v1" : `${group}/v1`;
  return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: list };
}

/** `apidiscovery.k8s.io/v2`, which newer clients ask for first. */
function aggregate(wanted: readonly string[]): Answer {
  const items = wanted.map((group) => ({
    metadata: { ...(group === "" ? {} : { name: group }), creationTimestamp: null },
    versions: [
      {
        version: "v1",
        freshness: "Current",
        resources: offered(group).map((one) => aggregateResource(group, one)),
      },
    ],
  }));
  return {
    kind: "json",
    status: 200,
    contentType: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
    body: {
      kind: "APIGroupDiscoveryList",
      apiVersion: "apidiscovery.k8s.io/v2",
      metadata: {},
      items,
    },
  };
}

function aggregateResource(group: string, one: Offered): object {
  const responseKind = { group, version: "v1", kind: one.kind };
  return {
    resource: one.plural,
    responseKind,
    scope: one.namespaced ? "Namespaced" : "Cluster",
    singularResource: one.singular,
    verbs: one.verbs,
    ...(one.shortNames === undefined ? {} : { shortNames: one.shortNames }),
    ...(one.categories === undefined ? {} : { categories: one.categories }),
    ...(one.subresources === undefined
      ? {}
      : {
          subresources: one.subresources.map((subresource) => ({
            subresource,
            responseKind,
            verbs: subresourceVerbs(subresource),
          })),
        }),
  };
}
