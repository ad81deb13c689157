import type { EnvVar } from "@claude-k8s/k8s-job-manifest";
import { isInherited } from "../prompt/environment.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";

/** Variables of the server's pod that the kubelet fills in for the run's pod as well. */
export interface EnvReferences {
  readonly references: readonly EnvVar[];
  readonly warnings: readonly string[];
}

/**
 * A reference to a Secret or ConfigMap is to one of the pod's own namespace. Elsewhere it may not exist, and
 * the container would never start: so there it is optional.
 */
export function envReferences(
  { namespace, inheritedEnvValueFrom = [] }: SelfPodInfo,
  target: string,
): EnvReferences {
  const inherited = inheritedEnvValueFrom.filter(({ name }) => isInherited(name));
  if (target === namespace) return { references: inherited, warnings: [] };
  const references = inherited.map(optional);
  const moved = references.filter((variable, index) => variable !== inherited[index]);
  const names = moved.map(({ name }) => name).join(", ");
  const warning = `${names}: taken over from the server's pod, but from Secrets or ConfigMaps that must exist in ${target} too`;
  return { references, warnings: moved.length === 0 ? [] : [warning] };
}

function optional(variable: EnvVar): EnvVar {
  const { secretKeyRef, configMapKeyRef } = variable.valueFrom ?? {};
  if (secretKeyRef !== undefined)
    return { ...variable, valueFrom: { secretKeyRef: { ...secretKeyRef, optional: true } } };
  if (configMapKeyRef !== undefined)
    return { ...variable, valueFrom: { configMapKeyRef: { ...configMapKeyRef, optional: true } } };
  return variable;
}
