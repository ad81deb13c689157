import { apiVersion, resources, type Resource } from "./resources.ts";

/**
 * The least of `/openapi/v3` that kubectl wants before it sends a manifest: that every kind's PATCH
 * takes `fieldValidation`, so that the server validates. Undefined for any other path.
 */
export function describeSchemas(path: string): object | undefined {
  if (path === "/openapi/v3") {
    const paths = versions().map((version) => [
      version,
      { serverRelativeURL: `/openapi/v3/${version}` },
    ]);
    return { paths: Object.fromEntries(paths) };
  }
  const version = versions().find((one) => path === `/openapi/v3/${one}`);
  if (version === undefined) return undefined;
  const paths = resources
    .filter((one) => rootOf(one) === version)
    .map((one) => [objectPath(one), pathItem(one)]);
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "v1.35.4+emulator" },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  };
}

function versions(): string[] {
  return [...new Set(resources.map(rootOf))];
}

function rootOf(resource: Resource): string {
  return `${resource.group === "" ? "api" : "apis"}/${apiVersion(resource)}`;
}

function objectPath(resource: Resource): string {
  const inside = resource.namespaced ? "namespaces/{namespace}/" : "";
  return `/${rootOf(resource)}/${inside}${resource.plural}/{name}`;
}

function pathItem({ group, version, kind }: Resource): object {
  return {
    patch: {
      "x-kubernetes-action": "patch",
      "x-kubernetes-group-version-kind": { group, version, kind },
      parameters: ["dryRun", "fieldManager", "fieldValidation", "force"].map((name) => ({
        name,
        in: "query",
        schema: { type: "string" },
      })),
      responses: { "200": { description: "OK" } },
    },
  };
}
