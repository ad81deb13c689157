import type { EnvVar } from "@claude-k8s/k8s-job-manifest";
import { type KubeHttp, KubeHttpError } from "@claude-k8s/kube-http";

/**
 * What a new pod may take over from the pod this server runs in. Only `namespace` is always known.
 */
export interface SelfPodInfo {
  readonly namespace: string;
  /** Why nothing else is known, when it should be. */
  readonly unread?: string;
  readonly image?: string | undefined;
  readonly imagePullSecrets?: readonly { readonly name?: string }[] | undefined;
  /** Literal values; who uses them picks by name. */
  readonly inheritedEnv?: Readonly<Record<string, string>> | undefined;
  readonly inheritedEnvValueFrom?: readonly EnvVar[] | undefined;
}

interface PodLike {
  readonly spec?: {
    readonly imagePullSecrets?: readonly { readonly name?: string }[];
    readonly containers?: readonly {
      readonly name: string;
      readonly image?: string;
      readonly env?: readonly EnvVar[];
    }[];
  };
}

/** Reads our own pod. One that may not be read, or cannot be found, leaves everything but the namespace unknown. */
export async function readSelfPod(
  http: KubeHttp,
  namespace: string,
  name: string,
): Promise<SelfPodInfo> {
  const path = `/api/v1/namespaces/${namespace}/pods/${encodeURIComponent(name)}`;
  const signal = new AbortController().signal;
  try {
    const answer = await http.request<PodLike>({ method: "GET", path, signal });
    if (answer.kind === "ok") return fromPod(answer.body, namespace);
    return { namespace, unread: `the API server knows no pod ${namespace}/${name}` };
  } catch (error) {
    if (!KubeHttpError.isInstance(error) || error.code !== "KUBE_DENIED") throw error;
    return { namespace, unread: error.message };
  }
}

function fromPod(pod: PodLike, namespace: string): SelfPodInfo {
  const containers = pod.spec?.containers ?? [];
  // The server's container is called `paperclip` in its published manifests; sidecars may come first.
  const server = containers.find(({ name }) => name === "paperclip") ?? containers[0];
  const env = server?.env ?? [];
  return {
    namespace,
    image: server?.image,
    imagePullSecrets: pod.spec?.imagePullSecrets,
    inheritedEnv: Object.fromEntries(
      env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
    ),
    inheritedEnvValueFrom: env.filter(({ valueFrom }) => valueFrom !== undefined),
  };
}
