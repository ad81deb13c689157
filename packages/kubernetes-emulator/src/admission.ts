import { textMember } from "./json.ts";
import type { Container, KubeObject, Pod } from "./kube-object.ts";
import { podSecurityProblem } from "./pod-security.ts";
import { quotaProblem } from "./quota.ts";
import type { Store } from "./store.ts";

/**
 * Why admission refuses a new pod, in the API server's words: its service account, its runtime class (there
 * are none here), the namespace's Pod Security level, its quotas, in this order. `undefined`: it is admitted.
 */
export function admissionProblem(store: Store, pod: Pod): string | undefined {
  const { namespace = "default", name, generateName } = pod.metadata;
  const account = pod.spec.serviceAccountName ?? "default";
  if (store.find("serviceaccounts").get(namespace, account) === undefined) {
    const known = pod.metadata.ownerReferences === undefined ? name : (generateName ?? name);
    const why = `error looking up service account ${namespace}/${account}: serviceaccount "${account}" not found`;
    return `pods "${known}" is forbidden: ${why}`;
  }
  const runtimeClass = textMember(pod.spec, "runtimeClassName");
  if (runtimeClass !== undefined)
    return `pods "${name}" is forbidden: pod rejected: RuntimeClass "${runtimeClass}" not found`;
  const level = levelOf(store.namespaces.get(undefined, namespace));
  const problem = podSecurityProblem(pod, level) ?? quotaProblem(store, pod);
  return problem === undefined ? undefined : `pods "${name}" is forbidden: ${problem}`;
}

function levelOf(namespace: KubeObject | undefined): string {
  return namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"] ?? "privileged";
}

export function allContainers(pod: Pod): Container[] {
  return [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
}
