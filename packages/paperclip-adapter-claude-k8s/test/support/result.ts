import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { fieldsOf } from "../../src/untyped.ts";

/** Parts of a result, for looking at. */
export function kubernetesOf({
  resultJson,
}: AdapterExecutionResult): Readonly<Record<string, unknown>> {
  return fieldsOf(resultJson?.["kubernetes"]);
}

export function diagnosticsOf({
  resultJson,
}: AdapterExecutionResult): Readonly<Record<string, unknown>> {
  return fieldsOf(resultJson?.["diagnostics"]);
}
