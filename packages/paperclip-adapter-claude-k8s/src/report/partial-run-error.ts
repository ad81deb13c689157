import { type ContainerEnd, podSuffix } from "./pod-state.ts";

/**
 * Explains a run whose output holds no result.
 *
 * Protocol lines are never quoted: they say nothing to a person. The first line that is not one of them is
 * what `claude` wrote before it gave up, so it is.
 */
export function buildPartialRunError(
  exitCode: number | null,
  model: string,
  stdout: string,
  podState: ContainerEnd | null = null,
): string {
  if (exitCode === 0) return "Failed to parse Claude JSON output";
  const lines = stdout.split(/\r?\n/).filter((line) => line.trim() !== "");
  const types = lines.map(eventType);
  const plain = lines.find((_line, index) => types[index] === undefined);
  return `${sentence(exitCode, model, types, plain)}${podSuffix(podState)}`;
}

function sentence(
  exitCode: number | null,
  model: string,
  types: readonly (string | undefined)[],
  plain: string | undefined,
): string {
  const exited = `Claude exited with code ${exitCode ?? -1}`;
  if (plain !== undefined) return `${exited}: ${plain.trim()}`;
  if (types.length === 0) return exited;
  const asked = model === "" ? "" : ` (model: ${model})`;
  // Without an exit code nobody knows that it ended "immediately".
  return exitCode === null
    ? `Claude started but did not produce a result${asked} — check API credentials, model support, and adapter config`
    : `Claude exited immediately after init${asked} (exit code ${exitCode}) — the model may be unsupported or the session may have been rejected before producing output`;
}

function eventType(line: string): string | undefined {
  try {
    const event: unknown = JSON.parse(line);
    if (typeof event !== "object" || event === null || !("type" in event)) return undefined;
    return typeof event.type === "string" ? event.type : undefined;
  } catch {
    return undefined; // Not an event: text that a person can read.
  }
}
