import { type Check, entriesOf } from "./rule.ts";
import { annotationKey, labelKey, labelText, notReserved, wellFormed } from "./rules.ts";

type Record = Readonly<{ [key: string]: string }>;

/** Labels of one's own objects. */
export function checkLabels(check: Check, path: string, labels: Record | undefined): void {
  for (const [key, value] of entriesOf(labels)) {
    const at = `${path}["${key}"]`;
    check(at, key, labelKey);
    check(at, key, notReserved);
    check(at, value, labelText);
  }
}

/** Labels that something else must have. */
export function checkLabelMatch(check: Check, path: string, labels: Record | undefined): void {
  for (const [key, value] of entriesOf(labels)) {
    check(`${path}["${key}"]`, key, labelKey);
    check(`${path}["${key}"]`, value, labelText);
  }
}

export function checkAnnotations(
  check: Check,
  path: string,
  annotations: Record | undefined,
): void {
  for (const [key, value] of entriesOf(annotations)) {
    check(`${path}["${key}"]`, key, annotationKey);
    check(`${path}["${key}"]`, value, wellFormed);
  }
}
