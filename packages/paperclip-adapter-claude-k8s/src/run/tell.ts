import type { JobEvent } from "@claude-k8s/job-watch";
import type { JobRun } from "./job-run.ts";

/** Tells the host what happens to the Job, and keeps what later steps need to know of it. */
export async function tell(event: JobEvent, { job, sink, seen }: JobRun): Promise<void> {
  seen.history.see(event);
  switch (event.type) {
    case "phase":
      // Before it has a node nothing runs. Afterwards only an image that is still pulled keeps it from that.
      if (event.phase !== "ending")
        seen.mayHaveStarted = !["queued", "scheduling", "pulling"].includes(event.phase);
      await sink.note(`${job.name}: ${event.phase}${event.detail ? `, ${event.detail}` : ""}`);
      return sink.progress(
        event.phase === "ending" ? "finalize" : "adapter_startup",
        phaseText(event),
      );
    case "start-problem":
      await sink.note(`${job.name} cannot start yet: ${event.reason}: ${event.message}`);
      return sink.progress("adapter_startup", `${event.reason}: ${event.message}`);
    case "pod":
      seen.pod = event.pod;
      return sink.event("claude_k8s.pod", `Pod ${event.pod.name}`, {
        job: job.name,
        pod: event.pod.name,
      });
    case "exit":
      seen.exit = event.exit;
      // An exit without code or start is what the kubelet makes up for a container it does not find, also for
      // one whose image it was pulling: that says nothing beyond what was seen before.
      if (event.exit.code !== undefined || event.exit.startedAt !== undefined)
        seen.hasStarted = true;
      return;
    case "blind":
      seen.mayHaveStarted = true;
      return sink.note(`the cluster does not answer; the Job goes on and so does this run`);
    case "node":
      await sink.note(`${job.name}: ${event.message}`);
      return sink.progress("adapter_startup", event.message);
    case "end":
      return;
    default:
      event satisfies never;
  }
}

function phaseText({ phase, detail }: Extract<JobEvent, { type: "phase" }>): string {
  const words = {
    queued: "Waiting for a pod",
    scheduling: "Waiting for a node",
    pulling: "Pulling the image",
    starting: "Starting the container",
    running: "Claude is running",
    ending: "Claude is ending",
  };
  return detail ? `${words[phase]}: ${detail}` : words[phase];
}
