import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";

/** A result with one more warning in its record, where there is one. */
export function withWarning(
  result: AdapterExecutionResult,
  warning: string | undefined,
  redact: (text: string) => string,
): AdapterExecutionResult {
  if (warning === undefined) return result;
  const given: unknown = result.resultJson?.["warnings"];
  const before: readonly unknown[] = Array.isArray(given) ? given : [];
  return {
    ...result,
    resultJson: { ...result.resultJson, warnings: [...before, redact(warning)] },
  };
}
