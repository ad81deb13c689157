import { annotations, type KnownJob } from "@claude-k8s/orphan-guard";

/** Where an earlier adapter wrote down the agent's name. */
const agentName = "paperclip.io/agent-name";

/**
 * True for a Job that an earlier adapter of this type made, adopted since or not. They are called
 * `ac-<agent>-<run>-<hash>`, one name a run, and tell of themselves by labels alone.
 */
export function isOfEarlierAdapter({ name, annotations: marks }: KnownJob): boolean {
  return name.startsWith("ac-") && marks[annotations.createId] === undefined;
}

export function earlierAgentName(job: KnownJob): string | undefined {
  return isOfEarlierAdapter(job) ? job.annotations[agentName] : undefined;
}

/**
 * The Secret that holds its prompt when that is long. It was made before the Job, which became its owner a
 * moment later, unless the server went away in between.
 */
export function earlierPromptSecret({ name }: Pick<KnownJob, "name">): string {
  return `${name}-prompt`;
}
