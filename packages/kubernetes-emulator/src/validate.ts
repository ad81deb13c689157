import type { KubeObject } from "./kube-object.ts";
import { isJsonObject, member, numberMember, textMember } from "./json.ts";
import { checkTimes, leaseCauses } from "./lease-rules.ts";
import type { Resource } from "./resources.ts";
import { invalid, type FieldCause } from "./status-error.ts";

const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const dnsRule =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Refuses, with 422 and every cause, what the API server would refuse of the essentials. */
export function validateObject(resource: Resource, object: KubeObject): void {
  checkTimes(object);
  const causes = [...metadataCauses(object), ...kindCauses(object)];
  if (causes.length > 0) throw invalid(resource, object.metadata.name, causes);
}

function metadataCauses({ metadata, kind }: KubeObject): FieldCause[] {
  const { name, labels = {} } = metadata;
  const causes: FieldCause[] = [];
  if (!subdomain.test(name) || name.length > 253) {
    causes.push(bad("metadata.name", name, dnsRule));
  }
  // A Job's name becomes two labels of its pods, and it is there that it is found too long.
  if (kind === "Job" && name.length > 63) {
    const rule = "must be no more than 63 bytes";
    causes.push(bad("spec.template.labels", name, rule), bad("spec.template.labels", name, rule));
  }
  for (const [key, value] of Object.entries(labels)) {
    if (typeof value === "string" && labelValue.test(value) && value.length <= 63) continue;
    const rule =
      value.length > 63
        ? "must be no more than 63 bytes"
        : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    causes.push(bad("metadata.labels", value, rule));
    if (!/^[^/]{1,253}(\/[^/]{1,63})?$/.test(key))
      causes.push(bad("metadata.labels", key, "name part must be non-empty"));
  }
  return causes;
}

function kindCauses(object: KubeObject): FieldCause[] {
  if (object.kind === "Pod") return podCauses(object["spec"], "spec");
  if (object.kind === "Lease") return leaseCauses(object);
  if (object.kind !== "Job") return [];
  const spec = object["spec"];
  const template = member(member(spec, "template"), "spec");
  const causes = podCauses(template, "spec.template.spec");
  const policy = textMember(template, "restartPolicy");
  if (policy !== "Never" && policy !== "OnFailure") {
    causes.push({
      reason: "FieldValueRequired",
      field: "spec.template.spec.restartPolicy",
      message: 'Required value: valid values: "OnFailure", "Never"',
    });
  }
  for (const field of [
    "backoffLimit",
    "completions",
    "parallelism",
    "activeDeadlineSeconds",
    "ttlSecondsAfterFinished",
  ]) {
    const value = numberMember(spec, field);
    if (value === undefined || value >= 0) continue;
    causes.push(bad(`spec.${field}`, value, "must be greater than or equal to 0"));
  }
  return causes;
}

function podCauses(spec: unknown, path: string): FieldCause[] {
  const containers = member(spec, "containers");
  if (!Array.isArray(containers) || containers.length === 0) {
    return [
      { reason: "FieldValueRequired", field: `${path}.containers`, message: "Required value" },
    ];
  }
  const volumes = member(spec, "volumes");
  const known = new Set(
    Array.isArray(volumes) ? volumes.map((one) => textMember(one, "name")) : [],
  );
  const seen = new Set<string>();
  return containers.flatMap((container: unknown, index): FieldCause[] => {
    const at = `${path}.containers[${index}]`;
    const name = textMember(container, "name") ?? "";
    const causes: FieldCause[] = [];
    if (name === "") causes.push(required(`${at}.name`));
    else if (!label.test(name))
      causes.push(bad(`${at}.name`, name, dnsRule.replace("subdomain", "label")));
    else if (seen.has(name))
      causes.push({
        reason: "FieldValueDuplicate",
        field: `${at}.name`,
        message: `Duplicate value: "${name}"`,
      });
    seen.add(name);
    if ((textMember(container, "image") ?? "") === "") causes.push(required(`${at}.image`));
    const mounts = member(container, "volumeMounts");
    for (const [order, mount] of (Array.isArray(mounts) ? mounts : []).entries()) {
      const volume = textMember(mount, "name") ?? "";
      if (known.has(volume)) continue;
      causes.push({
        reason: "FieldValueNotFound",
        field: `${at}.volumeMounts[${order}].name`,
        message: `Not found: "${volume}"`,
      });
    }
    return causes;
  });
}

/** A Job's selector and template are settled at creation, but for a suspended one that never started. */
export function validateUpdate(resource: Resource, before: KubeObject, after: KubeObject): void {
  const same = (field: string): boolean =>
    JSON.stringify(canonical(member(before["spec"], field))) ===
    JSON.stringify(canonical(member(after["spec"], field)));
  const immutable =
    before.kind === "Job" ? ["selector", "completionMode", "podReplacementPolicy", "template"] : [];
  const causes = immutable
    .filter((field) => !same(field))
    .map((field) => bad(`spec.${field}`, member(after["spec"], field), "field is immutable"));
  if (causes.length > 0) throw invalid(resource, before.metadata.name, causes);
}

/** The same value with its members in order. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, canonical(value[key])]),
  );
}

function required(field: string): FieldCause {
  return { reason: "FieldValueRequired", field, message: "Required value" };
}

function bad(field: string, value: unknown, rule: string): FieldCause {
  return {
    reason: "FieldValueInvalid",
    field,
    message: `Invalid value: ${JSON.stringify(value)}: ${rule}`,
  };
}
