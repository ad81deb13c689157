import { type KubeAnswer, type KubeHttp, KubeHttpError } from "@claude-k8s/kube-http";

/** The cluster and the namespace that are looked at. */
export interface CheckedCluster {
  readonly http: KubeHttp;
  readonly namespace: string;
}

/** The answer, or `denied` where the right to it is missing; every other failure is thrown. */
export async function orDenied<T>(
  asked: Promise<KubeAnswer<T>>,
): Promise<KubeAnswer<T> | { readonly kind: "denied" }> {
  try {
    return await asked;
  } catch (error) {
    if (KubeHttpError.isInstance(error) && error.code === "KUBE_DENIED") return { kind: "denied" };
    throw error;
  }
}
