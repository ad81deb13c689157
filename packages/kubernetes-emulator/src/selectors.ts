import type { KubeObject } from "./kube-object.ts";
import { badRequest } from "./status-error.ts";

export type Matches = (object: KubeObject) => boolean;

/**
 * A label selector as in a query: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`.
 * `!=` and `notin` also match objects without the label ("Labels and Selectors").
 */
export function labelSelector(text: string): Matches {
  const terms = splitTerms(text).map(labelTerm);
  return (object) => terms.every((term) => term(object.metadata.labels ?? {}));
}

/** Commas separate terms, but not inside parentheses. */
function splitTerms(text: string): string[] {
  return text
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}

type LabelTerm = (labels: Readonly<Record<string, string>>) => boolean;

function labelTerm(term: string): LabelTerm {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(term);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = list.split(",").map((value) => value.trim());
    return operator === "in"
      ? (labels) => labels[key] !== undefined && values.includes(labels[key])
      : (labels) => labels[key] === undefined || !values.includes(labels[key]);
  }
  const equality = /^([^!=\s]+)\s*(==|=|!=)\s*([^!=\s]*)$/.exec(term);
  if (equality !== null) {
    const [, key = "", operator, value = ""] = equality;
    return operator === "!="
      ? (labels) => labels[key] !== value
      : (labels) => labels[key] === value;
  }
  const existence = /^(!?)\s*([^!=\s()]+)$/.exec(term);
  if (existence === null) {
    throw badRequest(`unable to parse requirement: found '${term}', expected: a label requirement`);
  }
  const [, not, key = ""] = existence;
  return (labels) => (labels[key] === undefined) === (not === "!");
}

/** Fields that every resource can be selected by, and those of single ones. */
const common = ["metadata.name", "metadata.namespace"];
const supported: Readonly<Record<string, readonly string[]>> = {
  Pod: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "status.phase",
    "status.podIP",
  ],
  Job: ["status.successful"],
  Event: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  Secret: ["type"],
  Namespace: ["status.phase"],
  Node: ["spec.unschedulable"],
};

/** A field selector: `a=b`, `a==b`, `a!=b`. A field the kind does not offer is refused with 400. */
export function fieldSelector(text: string, kind: string): Matches {
  const fields = [...common, ...(supported[kind] ?? [])];
  const terms = splitTerms(text).map((term): Matches => {
    const parts = /^([^!=]+)(==|=|!=)(.*)$/.exec(term);
    if (parts === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, field = "", operator, value = ""] = parts;
    if (!fields.includes(field)) {
      throw badRequest(
        kind === "Job"
          ? `field label "${field}" not supported for Job`
          : `field label not supported: ${field}`,
      );
    }
    return (object) => (fieldValue(object, field) === value) === (operator !== "!=");
  });
  return (object) => terms.every((term) => term(object));
}

function fieldValue(object: KubeObject, path: string): string {
  if (object.kind === "Job" && path === "status.successful") {
    return fieldValue(object, "status.succeeded") || "0";
  }
  let value: unknown = object;
  for (const part of path.split(".")) {
    value = typeof value === "object" && value !== null ? Reflect.get(value, part) : undefined;
  }
  return ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
}
