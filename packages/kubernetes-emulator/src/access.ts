import type { ApiRequest } from "./api-request.ts";
import { StatusError } from "./status-error.ts";
import type { DenyRule } from "./types.ts";

/** Which rights are missing. The emulator knows one user, who may do everything else. */
export interface Access {
  deny(rule: DenyRule): Disposable;
  allowed(attributes: AccessAttributes): boolean;
}

interface AccessAttributes {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
}

export const userName: string = "emulator-user";

export function createAccess(): Access {
  const rules = new Set<DenyRule>();
  return {
    deny: (rule) => {
      rules.add(rule);
      return { [Symbol.dispose]: () => void rules.delete(rule) };
    },
    allowed: (attributes) =>
      ![...rules].some(
        (rule) =>
          hits(rule.verb, attributes.verb) &&
          hits(rule.group, attributes.group) &&
          hits(rule.resource, attributes.resource) &&
          // A rule about a resource does not reach its subresources, as RBAC has it.
          (rule.resource === undefined
            ? hits(rule.subresource, attributes.subresource)
            : (rule.subresource ?? "") === (attributes.subresource ?? "") ||
              rule.subresource === "*") &&
          hits(rule.namespace, attributes.namespace),
      ),
  };
}

function hits(wanted: string | undefined, actual: string | undefined): boolean {
  return wanted === undefined || wanted === "*" || wanted === (actual ?? "");
}

/** Throws the API server's 403 when the right to a request is missing. */
export function authorize(access: Access, request: ApiRequest): void {
  const { verb, group = "", plural, subresource, namespace, name } = request;
  if (plural === undefined) return;
  const attributes = {
    verb,
    group,
    resource: plural,
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  if (access.allowed(attributes)) return;
  const qualified = group === "" ? plural : `${plural}.${group}`;
  const object = name === undefined ? qualified : `${qualified} "${name}"`;
  const full = subresource === undefined ? plural : `${plural}/${subresource}`;
  const where =
    namespace === undefined ? "at the cluster scope" : `in the namespace "${namespace}"`;
  throw new StatusError(
    403,
    "Forbidden",
    `${object} is forbidden: User "${userName}" cannot ${verb} resource "${full}" in API group "${group}" ${where}`,
    { ...(name === undefined ? {} : { name }), ...(group === "" ? {} : { group }), kind: plural },
  );
}
