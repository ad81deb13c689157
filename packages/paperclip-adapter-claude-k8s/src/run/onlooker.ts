import type { ClaudeEvent } from "@claude-k8s/claude-stream-parse";
import type { RunPhase } from "@claude-k8s/job-watch";

/** Looks on while a Job is followed. None of its calls may take long or throw: output waits for them. */
export interface Onlooker {
  phase(phase: RunPhase): void;
  /** The program wrote; these are the events in it. */
  output(events: readonly ClaudeEvent[]): void;
  /** Nothing comes any more; its timers are to end. */
  disarm(): void;
}

/** For who only reads on. */
export const nobody: Onlooker = { phase: () => {}, output: () => {}, disarm: () => {} };

/** Several as one, told in this order. */
export function together(...onlookers: readonly Onlooker[]): Onlooker {
  return {
    phase: (phase) => onlookers.forEach((one) => one.phase(phase)),
    output: (events) => onlookers.forEach((one) => one.output(events)),
    disarm: () => onlookers.forEach((one) => one.disarm()),
  };
}
