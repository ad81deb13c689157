import type { SweptItem } from "@claude-k8s/orphan-guard";

/** Why the sweep does what it does, for a person. */
export const sweepReasons: Readonly<Record<SweptItem["reason"], string>> = {
  supervised: "a live server follows it",
  "supervision-unknown": "whether a server follows it is not known",
  leaving: "it is being deleted",
  kept: "its result was read; it is kept for looking at",
  young: "it is being created",
  running: "it runs, and nobody follows it",
  unfinished: "it was created and never let go",
  cancelled: "a stop was asked for and not finished",
  unread: "it has ended, and nobody read its result",
  abandoned: "it runs, nobody follows it, and --running allows it",
  stale: "its holder is gone",
};

/** What a person may do about what was left; empty when nothing. Pure. */
export function sweepAdvice({ action, reason, name, job }: SweptItem): string {
  if (action !== "report") return "";
  const where = job === undefined ? "" : ` -n ${job.namespace}`;
  return reason === "running"
    ? `the next run of its task adopts it; claude-k8s adopt ${name}${where}, or stop`
    : `the next run of its task reads it; claude-k8s adopt ${name}${where}`;
}
