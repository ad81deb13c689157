import { member, numberMember, textMember } from "./json.ts";
import type { KubeObject } from "./kube-object.ts";
import { badRequest, type FieldCause } from "./status-error.ts";

/** `metav1.MicroTime`: six digits of a second, no fewer and no more. */
const microTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/;

/** Refuses, with 400, times that the API server cannot even read. */
export function checkTimes(object: KubeObject): void {
  if (object.kind !== "Lease") return;
  for (const field of ["acquireTime", "renewTime"]) {
    const text = textMember(object["spec"], field);
    if (text === undefined || microTime.test(text)) continue;
    throw badRequest(
      `Lease in version "v1" cannot be handled as a Lease: parsing time "${text}" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "${unread(text)}" as "${Number.isNaN(Date.parse(text)) ? "2006" : ".000000"}"`,
    );
  }
}

/** Of a time without six digits, what stands in their place. */
function unread(text: string): string {
  return /(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/u.exec(text)?.[0] ?? text;
}

/** What the API server finds wrong with a Lease, as a 422 tells it. */
export function leaseCauses(object: KubeObject): FieldCause[] {
  const spec = member(object, "spec");
  const duration = numberMember(spec, "leaseDurationSeconds") ?? 1;
  const transitions = numberMember(spec, "leaseTransitions") ?? 0;
  return [
    ...(duration > 0
      ? []
      : [invalidValue("spec.leaseDurationSeconds", duration, "must be greater than 0")]),
    ...(transitions >= 0
      ? []
      : [invalidValue("spec.leaseTransitions", transitions, "must be greater than or equal to 0")]),
  ];
}

function invalidValue(field: string, value: number, rule: string): FieldCause {
  return { reason: "FieldValueInvalid", field, message: `Invalid value: ${value}: ${rule}` };
}
