import { textOf } from "../untyped.ts";
import type { AdapterExecutionContext, AdapterInvocationMeta } from "@paperclipai/adapter-utils";
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
    promptMetrics: { promptChars: inputs.prompt.length },
  };
}

/** The host is told once; a host that cannot take it stops no run. */
export async function tellMeta(
  host: Pick<AdapterExecutionContext, "onMeta">,
  meta: AdapterInvocationMeta,
): Promise<string | undefined> {
  try {
    await host.onMeta?.(meta);
    return undefined;
  } catch (error) {
    return `onMeta: ${textOf(error)}`;
  }
}
