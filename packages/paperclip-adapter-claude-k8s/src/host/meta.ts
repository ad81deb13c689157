import type { AdapterInvocationMeta } from "@paperclipai/adapter-utils";
import { redactEnvForLogs } from "@paperclipai/adapter-utils/server-utils";
import { adapterType } from "../cluster/marks.ts";
import type { RunInputs } from "../run/model.ts";

/** What the host shows as the run's invocation. Values from Secrets are named, never shown. */
export function invocationMeta(
  jobName: string,
  namespace: string,
  inputs: RunInputs,
  notes: readonly string[],
): AdapterInvocationMeta {
  const secret = Object.keys(inputs.secretEnv).map((name) => [name, "***REDACTED***"] as const);
  return {
    adapterType,
    command: `kubectl --namespace ${namespace} get job/${jobName}`,
    commandArgs: ["claude", ...inputs.args],
    commandNotes: [...notes],
    env: { ...redactEnvForLogs({ ...inputs.env }), ...Object.fromEntries(secret) },
    prompt: inputs.prompt,
    promptMetrics: { ...inputs.promptMetrics },
  };
}
