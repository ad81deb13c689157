import type { ClaudeSummary } from "./summary-types.ts";
import { verdict } from "./verdict.ts";

/** A sentence for people: what the run came to, and what it took. */
export function describe(summary: ClaudeSummary): string {
  const { message } = verdict(summary);
  const facts = [
    summary.model && `model ${summary.model}`,
    summary.toolCalls > 0 && plural(summary.toolCalls, "tool call"),
    summary.usageSource !== "none" && `${tokens(summary)} tokens`,
    summary.costUsd !== undefined && `$${summary.costUsd.toFixed(4)}`,
    summary.openBackgroundTasks.length > 0 &&
      `${plural(summary.openBackgroundTasks.length, "background task")} still open`,
  ].filter((fact) => typeof fact === "string" && fact !== "");
  return facts.length === 0 ? message : `${message} (${facts.join(", ")})`;
}

function tokens({ usage, partial }: ClaudeSummary): string {
  const total =
    usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return `${partial.usage ? "at least " : ""}${total}`;
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
