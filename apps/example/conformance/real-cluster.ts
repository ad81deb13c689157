import { randomBytes } from "node:crypto";
import { permissions } from "@claude-k8s/k8s-job-manifest";
import { kubeHttp, type KubeHttp } from "@claude-k8s/kube-http";
import { kubeConfigOf, standalone } from "../src/cluster/kubeconfig.ts";
import { createNamespace } from "../src/cluster/namespace.ts";
import { createAccount } from "../src/cluster/account.ts";
import type { HandOver } from "../src/e2e/hand-over.ts";
import type { ClusterUnderTest, Runner } from "./cluster.ts";

/** What the first node's kubelet says of itself; nothing when it may not be asked or is not made for tests. */
async function rotatesAt(http: KubeHttp, signal: AbortSignal): Promise<number | undefined> {
  const nodes = await http.request<{ items: { metadata: { name: string } }[] }>({
    method: "GET",
    path: "/api/v1/nodes",
    signal,
  });
  const name = nodes.kind === "ok" ? nodes.body.items[0]?.metadata.name : undefined;
  if (name === undefined) return undefined;
  const path = `/api/v1/nodes/${name}/proxy/configz`;
  const answer = await http.request<{ kubeletconfig?: { containerLogMaxSize?: string } }>({
    method: "GET",
    path,
    signal,
  });
  const size = answer.kind === "ok" ? answer.body.kubeletconfig?.containerLogMaxSize : undefined;
  return size === "100Ki" ? 100 * 1024 : undefined;
}

/** A namespace of its own on a real cluster. It stays: the suite's process removes all with its mark. */
export async function realCluster(
  given: HandOver,
  { isRestricted = false }: { readonly isRestricted?: boolean } = {},
): Promise<ClusterUnderTest> {
  const stack = new DisposableStack();
  const kubeConfig = kubeConfigOf(given.kubeConfig);
  const connect = (config: typeof kubeConfig): KubeHttp =>
    stack.adopt(kubeHttp(config), (one) => one.close());
  const http = connect(kubeConfig);
  const { signal } = stack.adopt(new AbortController(), (one) => one.abort());
  const namespace = `${given.mark}-${randomBytes(3).toString("hex")}`;
  await createNamespace(http, { name: namespace, mark: given.mark, isRestricted, signal });
  let runner: Promise<Runner> | undefined;
  const newRunner = async (): Promise<Runner> => {
    const rules = permissions;
    const token = await createAccount(http, { namespace, name: "runner", rules, signal });
    const ofRunner = kubeConfigOf(standalone(kubeConfig, { token }));
    return { kubeConfig: ofRunner, http: connect(ofRunner) };
  };
  return {
    kubeConfig,
    http,
    namespace,
    image: given.image,
    isEmulator: false,
    rotatesAt: await rotatesAt(http, signal),
    signal,
    async stranger() {
      const token = await createAccount(http, { namespace, name: "stranger", rules: [], signal });
      return connect(kubeConfigOf(standalone(kubeConfig, { token })));
    },
    runner: () => (runner ??= newRunner()),
    [Symbol.asyncDispose]() {
      stack.dispose();
      return Promise.resolve();
    },
  };
}
