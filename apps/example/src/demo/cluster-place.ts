import { kubeHttp } from "@claude-k8s/kube-http";
import { provideImage } from "../cluster/image.ts";
import { kubeConfigOf } from "../cluster/kubeconfig.ts";
import { createNamespace } from "../cluster/namespace.ts";
import type { OpenCluster } from "../cluster/open-cluster.ts";
import type { Place } from "./place.ts";

/** A namespace of its own on a real cluster that has, or is given, the image of the replay. */
export async function clusterPlace(
  open: OpenCluster,
  given: string | undefined,
  around: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Promise<Place> {
  const image = await provideImage(open, { image: given, ...around });
  const http = kubeHttp(kubeConfigOf(open.kubeConfig));
  await createNamespace(http, { name: open.mark, mark: open.mark, signal: around.signal });
  return {
    title: `that cluster, in namespace ${open.mark}`,
    kubeConfig: open.kubeConfig,
    http,
    namespace: open.mark,
    image: image.name,
    async close() {
      http.close();
      return open.close();
    },
  };
}
