import { type KubeConfigLike, type KubeHttp, kubeHttp } from "@claude-k8s/kube-http";
import { openContext, quickLimits } from "../server/k8s-client.ts";
import type { OptionValues } from "./option-values.ts";

/** A cluster as one command sees it. */
export interface Connection {
  readonly context: string;
  readonly server: string;
  /** The one that was named, or the context's. */
  readonly namespace: string;
  /** Where runs are looked for; `undefined`: in all namespaces. */
  readonly scope: string | undefined;
  /** For questions that want an answer within seconds. */
  readonly quick: KubeHttp;
  /** For following, which rides out what it can. */
  readonly patient: KubeHttp;
  close(): void;
}

const userAgent = "claude-k8s-command";

/**
 * Finds the cluster by the ordinary rules; nothing is asked of it yet.
 * @throws AdapterError `ADAPTER_NO_CLUSTER`
 */
export function connect(
  options: Pick<OptionValues, "kubeconfig" | "context" | "namespace" | "isEverywhere" | "as">,
): Connection {
  const { name, namespace, server, load } = openContext(options.kubeconfig, options.context);
  const config = (): KubeConfigLike => asUser(load(), options.as);
  const quick = kubeHttp(config, { ...quickLimits, userAgent });
  const patient = kubeHttp(config, { userAgent });
  const chosen = options.namespace ?? namespace;
  return {
    context: name,
    server,
    namespace: chosen,
    scope: options.isEverywhere ? undefined : chosen,
    quick,
    patient,
    close: () => {
      quick.close();
      patient.close();
    },
  };
}

/** Impersonation, as the API server knows it; groups of a service account are its own addition. */
function asUser(config: KubeConfigLike, user: string | undefined): KubeConfigLike {
  if (user === undefined) return config;
  return {
    getCurrentCluster: () => config.getCurrentCluster(),
    async applyToHTTPSOptions(options) {
      await config.applyToHTTPSOptions(options);
      options.headers = Object.assign({}, options.headers, { "Impersonate-User": user });
    },
  };
}
