import type { ServerAdapterModule } from "@paperclipai/adapter-utils";
import { kubeHttp } from "@claude-k8s/kube-http";
import type { ClusterClient } from "./cluster/cluster-client.ts";
import { adapterType } from "./cluster/marks.ts";
import { checkTimes, type SupervisionTimes } from "./cluster/supervision-times.ts";
import { createExecutor, type Executor, thisProcess } from "./executor.ts";
import { detectedModel, modelsFor } from "./models.ts";
import { sessionCodec } from "./prompt/session.ts";
import { skillSnapshot } from "./prompt/skill-snapshot.ts";
import {
  contextNamespace,
  getKubeHttp,
  getSelfPodInfo,
  parseKubeConfig,
  quickLimits,
} from "./server/k8s-client.ts";
import type { KubeConfigLike } from "./server/kube-config-like.ts";
import { configSchema, configurationDoc } from "./settings/config-schema.ts";
import { countRetry } from "./telemetry/process-telemetry.ts";

/** How the adapter reaches a cluster when the host does not say it per agent. */
export interface ServerAdapterOptions {
  /**
   * The cluster of every agent, whatever the agents' own settings say: the text of a kubeconfig, an object
   * such as client-node's `KubeConfig`, or a function that loads one (called again after a 401).
   *
   * Absent: the setting `kubeconfig`, else the usual places (`$KUBECONFIG`, `~/.kube/config`, the service
   * account of the server's pod). For embedding and tests: `process.env` need not be touched.
   */
  readonly kubeConfig?: string | KubeConfigLike | (() => KubeConfigLike);
  /**
   * How soon another process may take over the runs of this one when it dies; only with `kubeConfig`. Short
   * times are for tests: a process that is slow for so long counts as dead.
   */
  readonly supervision?: SupervisionTimes;
}

/**
 * Makes the adapter object that the Paperclip server registers under the type `claude_k8s`.
 * @throws TypeError for times in `supervision` that cannot be, naming them
 */
export function createServerAdapter(options: ServerAdapterOptions = {}): ServerAdapterModule {
  const { kubeConfig, supervision } = options;
  checkTimes(supervision);
  const executor =
    kubeConfig === undefined
      ? usualExecutor()
      : createExecutor(clientOver(kubeConfig), thisProcess(supervision));
  return {
    type: adapterType,
    execute: (context) => executor.execute(context),
    testEnvironment: (context) => executor.testEnvironment(context),
    onHireApproved: (_payload, config) => executor.hireApproved(config),
    listSkills: (context) => skillSnapshot(context),
    // What is wanted is kept by the host; each run takes along what it finds.
    syncSkills: (context) => skillSnapshot(context),
    models: modelsFor({}),
    listModels: async () => modelsFor(process.env),
    detectModel: async () => detectedModel(process.env),
    getQuotaWindows: () => executor.quotaWindows(),
    sessionCodec,
    supportsLocalAgentJwt: true,
    // Connection tools come as one more MCP server.
    runtimeToolDelivery: "native_mcp",
    supportsInstructionsBundle: true,
    instructionsPathKey: "instructionsFilePath",
    requiresMaterializedRuntimeSkills: false,
    agentConfigurationDoc: configurationDoc(),
    getConfigSchema: configSchema,
  };
}

let executor: Executor | undefined;

/**
 * The executor over this server's usual clusters, made when it is first wanted. Of the client it names what it
 * needs: by the whole module, client-node's class for every API would be part of the bundle.
 */
function usualExecutor(): Executor {
  executor ??= createExecutor({ getKubeHttp, getSelfPodInfo });
  return executor;
}

/** A client of one given cluster. What it says of a pod of our own would be guessed, so it says nothing. */
function clientOver(given: NonNullable<ServerAdapterOptions["kubeConfig"]>): ClusterClient {
  const config = typeof given === "string" ? parseKubeConfig(given).config : given;
  const patient = kubeHttp(config, { onRetry: countRetry });
  const quick = kubeHttp(config, { ...quickLimits, onRetry: countRetry });
  return {
    getKubeHttp: (_path, patience) => (patience === "seconds" ? quick : patient),
    getSelfPodInfo: async () => ({
      namespace: contextNamespace(typeof config === "function" ? config() : config),
    }),
  };
}
