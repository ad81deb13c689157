import type { GuardedAnswer } from "./guarded-write.ts";

/** A Job that is not this process's any more. */
type Loss = Extract<GuardedAnswer, { kind: "lost" }>;

/** Of a Job that is not there any more: who took it over is not known, only that somebody could. */
export function goneMeanwhile(epoch: number): Loss {
  return { kind: "lost", by: undefined, epoch, isGone: true };
}

/** For people: who has a Job that was lost. */
export function lossText({ by, epoch, isGone }: Loss): string {
  if (isGone === true) return "it was taken over while this process was away, and is gone by now";
  if (by !== undefined) return `the process ${by} has it in epoch ${epoch}`;
  return epoch === 0 ? "it was taken over before" : `nobody has it in epoch ${epoch}`;
}
