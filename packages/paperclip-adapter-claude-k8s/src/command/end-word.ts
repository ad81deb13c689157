import type { JobEnd } from "@claude-k8s/job-watch";

/** An end in a word or two, for a column; Kubernetes' own words where there are some. Pure. */
export function endWord(end: JobEnd): string {
  switch (end.kind) {
    case "exited": {
      const { code, reason, signal } = end.exit;
      const why = reason === "Completed" || reason === "Error" ? signal : (reason ?? signal);
      return ["exited", code ?? "?", why].filter((word) => word !== undefined).join(" ");
    }
    case "not-started":
      return `not started: ${end.reason}`;
    case "deadline":
      return "deadline passed";
    case "lost":
      return `lost: ${end.why}`;
    case "deleted":
      return "deleted";
    case "repeated":
      return "started twice";
    default:
      return end satisfies never;
  }
}
