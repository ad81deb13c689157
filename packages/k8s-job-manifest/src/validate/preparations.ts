import type { RunSpec } from "../types.ts";
import { checkProcess, notEmpty } from "./program.ts";
import { type Check, itemsOf, maybe } from "./rule.ts";
import { absolutePath } from "./rules.ts";

export function checkPreparations(check: Check, spec: RunSpec): void {
  for (const { item, path } of itemsOf("preparations", spec.preparations)) {
    check(`${path}.argv[0]`, item.argv[0], notEmpty);
    checkProcess(check, path, item);
    check(`${path}.workingDir`, item.workingDir, maybe(absolutePath));
  }
}
