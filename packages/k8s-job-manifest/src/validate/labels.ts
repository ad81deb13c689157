import { type Check, entriesOf } from "./rule.ts";
import { annotationKey, labelKey, labelText, notReserved, wellFormed } from "./rules.ts";

/** Labels of one's own objects. */
export function checkLabels(check: Check, path: string, labels: unknown): void {
  for (const [key, value] of entriesOf(check, path, labels)) {
    const at = `${path}["${key}"]`;
    check(at, key, labelKey);
    check(at, key, notReserved);
    check(at, value, labelText);
  }
}

/** Labels that something else must have. */
export function checkLabelMatch(check: Check, path: string, labels: unknown): void {
  for (const [key, value] of entriesOf(check, path, labels)) {
    check(`${path}["${key}"]`, key, labelKey);
    check(`${path}["${key}"]`, value, labelText);
  }
}

export function checkAnnotations(check: Check, path: string, annotations: unknown): void {
  for (const [key, value] of entriesOf(check, path, annotations)) {
    check(`${path}["${key}"]`, key, annotationKey);
    check(`${path}["${key}"]`, value, wellFormed);
  }
}
