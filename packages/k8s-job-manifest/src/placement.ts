import { labelValue } from "./names.ts";
import type { Labels } from "./manifest-types.ts";
import type { Affinity, PodSpec } from "./pod-types.ts";
import type { Placement, RunSpec, RunVolume } from "./types.ts";

/** Where the pod goes and what the cluster gives it. What was not given is left to the cluster. */
export function placement(spec: RunSpec): Partial<PodSpec> {
  const wanted: Placement = spec.placement ?? {};
  const { nodeSelector, tolerations, topologySpreadConstraints, hostAliases, ...rest } = wanted;
  const { imagePullSecrets, affinity, ...asGiven } = rest;
  const together = besideClaims(spec.volumes ?? [], affinity);
  return {
    ...asGiven,
    ...(nodeSelector === undefined ? {} : { nodeSelector: { ...nodeSelector } }),
    ...(tolerations === undefined ? {} : { tolerations: [...tolerations] }),
    ...(together === undefined ? {} : { affinity: together }),
    ...(topologySpreadConstraints === undefined
      ? {}
      : { topologySpreadConstraints: [...topologySpreadConstraints] }),
    ...(hostAliases === undefined ? {} : { hostAliases: [...hostAliases] }),
    ...(imagePullSecrets === undefined
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
  };
}

/** Labels by which pods that share a claim of one node find each other. */
export function claimLabels(volumes: readonly RunVolume[] = []): Labels {
  return Object.fromEntries(
    volumes.flatMap(({ source, accessMode }) => {
      const claim = source.persistentVolumeClaim?.claimName;
      const isOfOneNode = accessMode === "ReadWriteOnce" && claim !== undefined;
      return isOfOneNode ? [[claimLabel(claim), labelValue(claim)] as const] : [];
    }),
  );
}

/** A key for each claim, or a pod with two claims could say only one. */
function claimLabel(claim: string): string {
  return `claim.claude-k8s/${labelValue(claim)}`;
}

/**
 * Requires the node of the other pods of the claim. The first such pod matches its own rule and may go
 * anywhere, as the scheduler allows for a rule that the pod itself satisfies.
 */
function besideClaims(
  volumes: readonly RunVolume[],
  given: Affinity | undefined,
): Affinity | undefined {
  const terms = Object.entries(claimLabels(volumes)).map(([key, value]) => ({
    topologyKey: "kubernetes.io/hostname",
    labelSelector: { matchLabels: { [key]: value } },
  }));
  if (terms.length === 0) return given;
  const { podAffinity } = given ?? {};
  const required = podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  return {
    ...given,
    podAffinity: {
      ...podAffinity,
      requiredDuringSchedulingIgnoredDuringExecution: [...required, ...terms],
    },
  };
}
