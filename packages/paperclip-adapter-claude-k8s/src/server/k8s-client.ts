import { textOf } from "../untyped.ts";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { AuthorizationV1Api, BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { type KubeConfigLike, type KubeHttp, kubeHttp } from "@claude-k8s/kube-http";
import type { Patience } from "../cluster/cluster-client.ts";
import { AdapterError } from "../errors.ts";
import { countRetry } from "../telemetry/process-telemetry.ts";
import { type LogApi, logApiOver } from "./log-api.ts";
import { readSelfPod, type SelfPodInfo } from "./self-pod.ts";

/** Where a service account's files are mounted; the namespace is among them. */
const serviceAccountToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

const connections = new Map<string, KubeHttp>();
const selfPods = new Map<string, Promise<SelfPodInfo>>();

/** Limits for first questions: an API server that cannot be reached is named within seconds. */
export const quickLimits = {
  requestTimeoutMs: 6_000,
  headerTimeoutMs: 5_000,
  retryBudgetMs: 3_000,
} as const;

/**
 * The connections to one cluster, shared by all runs of this process.
 * @param kubeconfigPath file to read; absent: the usual places
 * @param patience how long requests go on trying
 */
export function getKubeHttp(kubeconfigPath?: string, patience: Patience = "minutes"): KubeHttp {
  const key = `${patience} ${kubeconfigPath ?? ""}`;
  const known = connections.get(key);
  if (known !== undefined) return known;
  loadKubeConfig(kubeconfigPath); // Fails here, by name, rather than at the first request.
  const limits = patience === "seconds" ? quickLimits : {};
  const http = kubeHttp(() => loadKubeConfig(kubeconfigPath), { ...limits, onRetry: countRetry });
  connections.set(key, http);
  return http;
}

/** Pod logs in the manner of client-node's `Log`, but the promise ends when the stream does. */
export function getLogApi(kubeconfigPath?: string): LogApi {
  return logApiOver(getKubeHttp(kubeconfigPath));
}

export function getBatchApi(kubeconfigPath?: string): BatchV1Api {
  return loadKubeConfig(kubeconfigPath).makeApiClient(BatchV1Api);
}

export function getCoreApi(kubeconfigPath?: string): CoreV1Api {
  return loadKubeConfig(kubeconfigPath).makeApiClient(CoreV1Api);
}

export function getAuthzApi(kubeconfigPath?: string): AuthorizationV1Api {
  return loadKubeConfig(kubeconfigPath).makeApiClient(AuthorizationV1Api);
}

/**
 * What new pods take over from the pod this process runs in, read once. Only the namespace is known when it
 * does not run in a pod, or when the kubeconfig leads to another cluster.
 */
export function getSelfPodInfo(kubeconfigPath?: string): Promise<SelfPodInfo> {
  const key = kubeconfigPath ?? "";
  const known = selfPods.get(key);
  if (known !== undefined) return known;
  const found = findSelfPod(kubeconfigPath);
  selfPods.set(key, found);
  // What could not be read is asked for again by the next run.
  found.then(
    ({ unread }) => unread !== undefined && selfPods.delete(key),
    () => selfPods.delete(key),
  );
  return found;
}

/** Forgets connections and what was read; running streams end. */
export function resetCache(): void {
  for (const http of connections.values()) http.close();
  connections.clear();
  selfPods.clear();
}

/**
 * Reads a kubeconfig's text.
 * @throws AdapterError `ADAPTER_NO_CLUSTER` when it cannot be read or names no cluster
 */
export function parseKubeConfig(text: string): { config: KubeConfigLike; namespace: string } {
  const config = loaded("the given text", (empty) => empty.loadFromString(text));
  return { config, namespace: namespaceOf(config) };
}

/** The namespace of the current context; `default` where the object, which need be no `KubeConfig`, has none. */
export function contextNamespace(config: KubeConfigLike): string {
  return isWhole(config) ? namespaceOf(config) : "default";
}

/** One context of a kubeconfig, to be used in the place of its current one. */
export interface OpenContext {
  readonly name: string;
  readonly namespace: string;
  readonly server: string;
  /** Loads it anew, with credentials as they are then. */
  readonly load: () => KubeConfig;
}

/**
 * Opens a kubeconfig: `file`, else the usual places.
 * @param context its name; absent: the current one
 * @throws AdapterError `ADAPTER_NO_CLUSTER` when there is no such kubeconfig or context
 */
export function openContext(file: string | undefined, context: string | undefined): OpenContext {
  const load = (): KubeConfig => {
    const config = loadKubeConfig(file);
    if (context === undefined) return config;
    const names = config.getContexts().map(({ name }) => name);
    if (!names.includes(context))
      throw new AdapterError(
        "ADAPTER_NO_CLUSTER",
        `--context: expected one of ${names.join(", ") || "none, for there is no context"}; got ${JSON.stringify(context)}`,
      );
    config.setCurrentContext(context);
    return config;
  };
  const config = load();
  const server = config.getCurrentCluster()?.server;
  const name = config.getCurrentContext();
  if (server === undefined)
    throw new AdapterError("ADAPTER_NO_CLUSTER", `the context ${name} names no cluster`);
  return { name, namespace: namespaceOf(config), server, load };
}

type Contexts = Pick<KubeConfig, "getCurrentContext" | "getContextObject">;

function isWhole(config: object): config is Contexts {
  return "getCurrentContext" in config && "getContextObject" in config;
}

async function findSelfPod(kubeconfigPath?: string): Promise<SelfPodInfo> {
  const config = loadKubeConfig(kubeconfigPath);
  const namespace = namespaceOf(config);
  const podName = process.env["HOSTNAME"];
  if (!isInCluster(config) || podName === undefined) return { namespace };
  return readSelfPod(getKubeHttp(kubeconfigPath, "seconds"), namespace, podName);
}

function loadKubeConfig(kubeconfigPath?: string): KubeConfig {
  if (kubeconfigPath !== undefined)
    return loaded(kubeconfigPath, (config) => config.loadFromFile(kubeconfigPath));
  const named = process.env["KUBECONFIG"];
  if (named) return loaded(`$KUBECONFIG (${named})`, (config) => config.loadFromDefault());
  const usual = path.join(homedir(), ".kube", "config");
  if (existsSync(usual)) return loaded(usual, (config) => config.loadFromFile(usual));
  if (existsSync(serviceAccountToken))
    return loaded("the pod's service account", (config) => config.loadFromCluster());
  throw new AdapterError(
    "ADAPTER_NO_CLUSTER",
    `no kubeconfig: the setting kubeconfig and $KUBECONFIG are empty, ${usual} does not exist, and this process does not run in a pod`,
  );
}

function loaded(where: string, load: (config: KubeConfig) => void): KubeConfig {
  const config = new KubeConfig();
  try {
    load(config);
  } catch (cause) {
    const why = textOf(cause);
    throw new AdapterError(
      "ADAPTER_NO_CLUSTER",
      `the kubeconfig of ${where} cannot be read: ${why}`,
      {
        cause,
      },
    );
  }
  if (config.getCurrentCluster() === null)
    throw new AdapterError(
      "ADAPTER_NO_CLUSTER",
      `the kubeconfig of ${where} names no current cluster`,
    );
  return config;
}

function namespaceOf(config: Contexts): string {
  return config.getContextObject(config.getCurrentContext())?.namespace ?? "default";
}

/** The name that client-node gives the cluster of a service account. */
function isInCluster(config: KubeConfig): boolean {
  return config.getCurrentCluster()?.name === "inCluster" && existsSync(serviceAccountToken);
}
