import type {
  Affinity,
  DnsConfig,
  EnvVar,
  Toleration,
  Volume,
  VolumeMount,
} from "@claude-k8s/k8s-job-manifest";
import { type KubeHttp, KubeHttpError } from "@claude-k8s/kube-http";
import { type ClaimMount, claimMounts, mountHolding } from "./claim-mounts.ts";

/**
 * What a new pod may take over from the pod this server runs in. Only `namespace` is always known.
 * `envFrom` and Secret volumes of the server are not here at all: they are its own.
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
  readonly dnsPolicy?: string | undefined;
  readonly dnsConfig?: DnsConfig | undefined;
  readonly nodeSelector?: Readonly<Record<string, string>> | undefined;
  readonly tolerations?: readonly Toleration[] | undefined;
  readonly nodeAffinity?: Affinity["nodeAffinity"];
  readonly nodeName?: string | undefined;
  /** Name of the claim that holds the server's home, where it may write. */
  readonly volumeClaim?: string | undefined;
  /** Where the server sees its claims. */
  readonly claimMounts?: readonly ClaimMount[] | undefined;
}

interface ContainerLike {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly EnvVar[];
  readonly volumeMounts?: readonly VolumeMount[];
}

interface PodLike {
  readonly spec?: {
    readonly imagePullSecrets?: readonly { readonly name?: string }[];
    readonly containers?: readonly ContainerLike[];
    readonly volumes?: readonly Volume[];
    readonly dnsPolicy?: string;
    readonly dnsConfig?: DnsConfig;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly Toleration[];
    readonly affinity?: Affinity;
    readonly nodeName?: string;
  };
}

/** Where the server keeps its files unless `PAPERCLIP_HOME` says otherwise. */
const usualHome = "/paperclip";

/** Where the server sees claims that pods of a namespace have too: a claim of the same name elsewhere is another. */
export function mountsSharedWith(
  { namespace: own, claimMounts: mounts = [] }: SelfPodInfo,
  namespace: string | undefined,
): readonly ClaimMount[] {
  return (namespace ?? own) === own ? mounts : [];
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

/** What of a pod is of use to another. */
export function fromPod({ spec = {} }: PodLike, namespace: string): SelfPodInfo {
  const containers = spec.containers ?? [];
  // The server's container is called `paperclip` in its published manifests; sidecars may come first.
  const server = containers.find(({ name }) => name === "paperclip") ?? containers[0];
  const env = server?.env ?? [];
  const mounts = claimMounts(server?.volumeMounts ?? [], spec.volumes ?? []);
  return {
    namespace,
    image: server?.image,
    imagePullSecrets: spec.imagePullSecrets,
    inheritedEnv: Object.fromEntries(
      env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value] as const])),
    ),
    inheritedEnvValueFrom: env.filter(({ valueFrom }) => valueFrom !== undefined),
    dnsPolicy: spec.dnsPolicy,
    dnsConfig: spec.dnsConfig,
    nodeSelector: spec.nodeSelector,
    tolerations: (spec.tolerations ?? []).filter((one) => !isAddedToEveryPod(one)),
    // Its affinity to other pods is about replicas of the server.
    nodeAffinity: spec.affinity?.nodeAffinity,
    nodeName: spec.nodeName,
    volumeClaim: homeClaim(server, mounts),
    claimMounts: mounts,
  };
}

/** The claim mounted at the server's home or nearest above it. One that is read-only is of no use. */
function homeClaim(
  server: ContainerLike | undefined,
  mounts: readonly ClaimMount[],
): string | undefined {
  const home = server?.env?.find(({ name }) => name === "PAPERCLIP_HOME")?.value ?? usualHome;
  const holding = mountHolding(mounts, home);
  return holding?.isReadOnly === false ? holding.claim : undefined;
}

/** As the admission plugin DefaultTolerationSeconds writes them. */
function isAddedToEveryPod({ key, effect, tolerationSeconds }: Toleration): boolean {
  return (
    (key === "node.kubernetes.io/not-ready" || key === "node.kubernetes.io/unreachable") &&
    effect === "NoExecute" &&
    tolerationSeconds === 300
  );
}
