import { plainNoise } from "./plain-noise.ts";
import type { ClaudeSummary } from "./summary-types.ts";

/** How the program's container ended, as far as it is known. */
export type ContainerEnd = {
  readonly exitCode?: number | null | undefined;
  readonly reason?: string | null | undefined;
  readonly message?: string | null | undefined;
};

/** What is known of a run without a result, besides its output. */
export type PartialRun = {
  readonly exitCode: number | null;
  /** The model that was asked for; default: the one of the init event. */
  readonly model?: string | undefined;
  readonly container?: ContainerEnd | null | undefined;
};

/**
 * Explains a run whose output holds no result. Events are never quoted: they say nothing to a person; the first
 * plain line is what the CLI wrote before it gave up.
 */
export function describePartialRun(summary: ClaudeSummary, run: PartialRun): string {
  if (run.exitCode === 0) return "Failed to parse Claude JSON output";
  return `${sentence(summary, run)}${containerNote(run.container)}`;
}

function sentence(summary: ClaudeSummary, { exitCode, model = summary.model }: PartialRun): string {
  const exited = `Claude exited with code ${exitCode ?? -1}`;
  const plain = plainNoise(summary);
  if (plain !== undefined) return `${exited}: ${plain.trim()}`;
  if (summary.end === "nothing") return exited;
  const asked = model ? ` (model: ${model})` : "";
  // Without an exit code nobody knows that it ended "immediately".
  return exitCode === null
    ? `Claude started but did not produce a result${asked} — check API credentials, model support, and adapter config`
    : `Claude exited immediately after init${asked} (exit code ${exitCode}) — the model may be unsupported or the session may have been rejected before producing output`;
}

function containerNote(container: ContainerEnd | null | undefined): string {
  if (!container) return "";
  const parts = reasons(container);
  if (container.exitCode === 137) parts.push("SIGKILL (commonly OOMKilled)");
  return parts.length === 0 ? "" : ` [pod: ${parts.join(", ")}]`;
}

/** Says what cut an answer short, from the state of the container that gave it. */
export function describeTruncation(container: ContainerEnd | null): string {
  if (container === null) return "pod state unavailable";
  const { exitCode } = container;
  const code = exitCode === null || exitCode === undefined ? "no exit code" : exitText(exitCode);
  return [code, ...reasons(container)].join(", ");
}

function reasons({ reason, message }: ContainerEnd): string[] {
  const parts: string[] = [];
  if (reason) parts.push(`reason=${reason}`);
  if (message) parts.push(`message=${message}`);
  return parts;
}

/** Exit codes above 128 are a signal's number plus 128. */
function exitText(exitCode: number): string {
  if (exitCode === 137) return "exit code 137 (SIGKILL, commonly OOMKilled)";
  return exitCode === 143 ? "exit code 143 (SIGTERM)" : `exit code ${exitCode}`;
}
