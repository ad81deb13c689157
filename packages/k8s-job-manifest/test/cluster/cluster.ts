import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  KubeConfig,
  RbacAuthorizationV1Api,
} from "@kubernetes/client-node";
import { buildRun, ownedBy, type RunSpec } from "../../src/index.ts";

/** Of the cluster these tests run on; without it they are skipped. */
export const kubeconfig: string | undefined = process.env["CONFORMANCE_KUBECONFIG"];

/** Each file's own, created and deleted by its tests. */
export const namespace: string = [
  process.env["CONFORMANCE_NAMESPACE"] ?? "job-manifest-test",
  randomBytes(3).toString("hex"),
].join("-");

/** An image that the cluster has, with `sh`, `sha256sum`, `printf`, `cat` and `sleep`. */
export const image: string = process.env["CONFORMANCE_IMAGE"] ?? "busybox";

/** A shell to try, and the folder in the image whose `sh` it is. */
type Shell = { readonly shell: string; readonly folder?: string };

const named: readonly Shell[] = Object.entries(ofJson("CONFORMANCE_SHELLS")).map(
  ([shell, folder]) => ({ shell, folder }),
);

/** Those that were named; without any, the one that the image has as `sh`. */
export const shells: readonly Shell[] = named.length > 0 ? named : [{ shell: "own" }];

function ofJson(variable: string): Record<string, string> {
  return JSON.parse(process.env[variable] ?? "{}") as Record<string, string>;
}

export type Apis = {
  readonly config: KubeConfig;
  readonly batch: BatchV1Api;
  readonly core: CoreV1Api;
  readonly rbac: RbacAuthorizationV1Api;
  readonly authorization: AuthorizationV1Api;
};

function apisOf(config: KubeConfig): Apis {
  return {
    config,
    batch: config.makeApiClient(BatchV1Api),
    core: config.makeApiClient(CoreV1Api),
    rbac: config.makeApiClient(RbacAuthorizationV1Api),
    authorization: config.makeApiClient(AuthorizationV1Api),
  };
}

/** A namespace that admits nothing but what the Pod Security standard `restricted` allows. */
export async function restrictedNamespace(path: string): Promise<Apis & AsyncDisposable> {
  const config = new KubeConfig();
  config.loadFromFile(path);
  const apis = apisOf(config);
  const labels = {
    ...ofJson("CONFORMANCE_NAMESPACE_LABELS"),
    "pod-security.kubernetes.io/enforce": "restricted",
  };
  await apis.core.createNamespace({ body: { metadata: { name: namespace, labels } } });
  await until(async () => {
    const { items } = await apis.core.listNamespacedServiceAccount({ namespace });
    return items.some(({ metadata }) => metadata?.name === "default") || undefined;
  });
  return {
    ...apis,
    async [Symbol.asyncDispose]() {
      await apis.core.deleteNamespace({ name: namespace });
      await until(async () => {
        const { items } = await apis.core.listNamespace();
        return items.every(({ metadata }) => metadata?.name !== namespace) || undefined;
      });
    },
  };
}

/** A user of the same cluster: a service account, by a token of its own. */
export async function asAccount(apis: Apis, name: string): Promise<Apis> {
  const body = { spec: { audiences: [] } };
  const { status } = await apis.core.createNamespacedServiceAccountToken({ name, namespace, body });
  const cluster = apis.config.getCurrentCluster();
  const token = status?.token;
  if (cluster === null || token === undefined) throw new Error("no cluster or no token");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(cluster, { name, token });
  return apisOf(config);
}

/** Creates what `buildRun` makes of a spec, as it is meant to be: suspended, owned, let go. */
export async function start({ batch, core }: Apis, spec: RunSpec): Promise<void> {
  const { job, secrets } = buildRun({ ...spec, suspend: true });
  const { metadata } = await batch.createNamespacedJob({ namespace, body: job });
  const owner = ownedBy({ name: spec.name, uid: metadata?.uid ?? "" });
  for (const secret of secrets) {
    const body = { ...secret, metadata: { ...secret.metadata, ownerReferences: [owner] } };
    await core.createNamespacedSecret({ namespace, body });
  }
  const body = [{ op: "replace", path: "/spec/suspend", value: false }];
  await batch.patchNamespacedJob({ name: spec.name, namespace, body });
}

export type RunEnd = {
  readonly type: string;
  readonly log: string;
  readonly reason: string | undefined;
  readonly exitCode: number | undefined;
};

/** Waits for the Job's end and says what came of it and what its program printed. */
export async function ended({ batch, core }: Apis, name: string): Promise<RunEnd> {
  const container = "main";
  const condition = await until(async () => {
    const { status } = await batch.readNamespacedJob({ name, namespace });
    return status?.conditions?.find(({ type }) => type === "Complete" || type === "Failed");
  });
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  const {
    items: [pod],
  } = await core.listNamespacedPod({ namespace, labelSelector });
  const podName = pod?.metadata?.name ?? "";
  const log = await core.readNamespacedPodLog({ name: podName, namespace, container });
  const state = pod?.status?.containerStatuses?.find((one) => one.name === container)?.state;
  return {
    type: condition.type,
    log,
    reason: pod?.status?.reason,
    exitCode: state?.terminated?.exitCode,
  };
}

/** Asks again until there is an answer, for at most two minutes. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let asked = 0; asked < 400; asked += 1) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await wait(300);
  }
  throw new Error("no answer within two minutes");
}
