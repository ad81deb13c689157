/** What this machine offers, as far as it was looked at. */
export interface Offer {
  /** `$KUBECONFIG`; absent when unset or empty. */
  readonly kubeconfig: string | undefined;
  /** Absent when `kind` answers; else why it does not. */
  readonly kindProblem: string | undefined;
  /** Absent when a container engine answers; else why it does not. */
  readonly engineProblem: string | undefined;
}

export type ClusterChoice =
  | { readonly kind: "kubeconfig"; readonly path: string }
  | { readonly kind: "kind" }
  /** Each says one thing that would have to be there. */
  | { readonly kind: "none"; readonly missing: readonly string[] };

/**
 * Which cluster to use: the one that was named, else one of our own. `~/.kube/config` is left
 * alone on purpose: nobody's production cluster should be used because a demo was tried.
 */
export function chooseCluster(offer: Offer): ClusterChoice {
  if (offer.kubeconfig !== undefined) return { kind: "kubeconfig", path: offer.kubeconfig };
  const missing = [offer.kindProblem, offer.engineProblem].filter((one) => one !== undefined);
  return missing.length === 0
    ? { kind: "kind" }
    : { kind: "none", missing: ["$KUBECONFIG is not set", ...missing] };
}
