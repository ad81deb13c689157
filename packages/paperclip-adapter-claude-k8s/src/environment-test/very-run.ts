import { randomUUID } from "node:crypto";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import type { RunSpec } from "@claude-k8s/k8s-job-manifest";
import { collectInputs } from "../host/inputs.ts";
import { apiUrlWarning } from "../prompt/environment.ts";
import { runSpec } from "../run/build.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";

/** What a run of the tested agent would be made of. */
export interface VeryRun {
  readonly spec: RunSpec;
  readonly image: string;
  /** Names of all variables that the program gets. */
  readonly variables: ReadonlySet<string>;
  /** Address of the host's API as the program is told it. */
  readonly apiUrl: string | undefined;
  /** Why no pod can reach that address, where it is known without asking. */
  readonly apiUrlProblem: string | undefined;
  /** The others. */
  readonly warnings: readonly string[];
}

/**
 * Builds what a run would be built of, from the same settings by the same code, for an agent without a task.
 * @param settings with what is taken over from the server's pod
 * @throws AdapterError when there is no image
 */
export async function veryRun(
  { companyId, config }: { readonly companyId: string; readonly config: Record<string, unknown> },
  settings: Settings,
  self: SelfPodInfo,
): Promise<VeryRun> {
  const agent = { id: "environment-test", name: "Environment test", companyId };
  const host: AdapterExecutionContext = {
    runId: randomUUID(),
    agent: { ...agent, adapterType: null, adapterConfig: {} },
    runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
    config,
    context: {},
    onLog: async () => {},
  };
  const found = await collectInputs(host, settings, self, { kept: undefined, isFresh: true });
  // A template may speak of the task alone, and there is none here.
  const inputs = found.prompt.trim() === "" ? { ...found, prompt: "Environment test." } : found;
  const request = {
    runId: host.runId,
    agent,
    taskId: undefined,
    sessionId: undefined,
    resume: undefined,
    retryOfRunId: undefined,
    bringsWords: false,
    namespace: settings.namespace ?? self.namespace,
    otherNamespaces: [],
    settings,
    inputs: async () => inputs,
    onCreate: async () => {},
    onCreated: async () => {},
  };
  const apiUrlProblem = apiUrlWarning(inputs);
  const names = [inputs.env, inputs.secretEnv].flatMap((texts) => Object.keys(texts));
  return {
    spec: runSpec(request, inputs),
    image: inputs.image,
    variables: new Set([...names, ...inputs.envReferences.map(({ name }) => name)]),
    apiUrl: inputs.env["PAPERCLIP_API_URL"],
    apiUrlProblem,
    warnings: inputs.warnings.filter((warning) => warning !== apiUrlProblem),
  };
}
