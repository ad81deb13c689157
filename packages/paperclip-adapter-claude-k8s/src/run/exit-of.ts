import type { ContainerExit, JobEnd } from "@claude-k8s/job-watch";

/** How the container ended, where that is known. */
export function exitOf(end: JobEnd): ContainerExit | undefined {
  return "exit" in end ? end.exit : undefined;
}
