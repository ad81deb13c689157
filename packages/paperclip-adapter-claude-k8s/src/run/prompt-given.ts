import type { Outcome } from "./outcome.ts";
import type { JobHandle, RunRequest } from "./model.ts";

/**
 * What an adopted Job leaves open: its program was given the prompt of an earlier run. Nothing when this run
 * repeats that one. Else it is told; and a run that brings words of somebody (a comment, an approval) is not
 * over with the earlier one's success, so the host is asked for another turn, which gets them.
 */
export function withPromptOf(
  { bringsWords }: Pick<RunRequest, "bringsWords">,
  job: JobHandle | undefined,
  outcome: Outcome,
): { readonly outcome: Outcome; readonly warning?: string } {
  if (job === undefined || !job.reattached || job.isRepeated === true) return { outcome };
  const whose = job.earlierRunIds?.at(-1) ?? "an earlier run";
  const warning = `the Job ${job.name} was started with the prompt of ${whose}; this run's own prompt was not given to it`;
  if (outcome.errorCode !== undefined || !bringsWords) return { outcome, warning };
  return {
    outcome: {
      ...outcome,
      errorCode: "k8s_prompt_not_given",
      errorMessage: `The answer is the earlier run's: ${warning}`,
      family: "transient_upstream",
      recovery: "continue",
    },
    warning,
  };
}
