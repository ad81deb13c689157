import { type Check, failed, passed, warned } from "./check.ts";
import { type CheckedCluster, orDenied } from "./checked-cluster.ts";

interface NamespaceLike {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly phase?: string };
}

const enforce = "pod-security.kubernetes.io/enforce";

/** Whether the namespace is there and takes objects, and which Pod Security level it asks of pods. */
export async function checkNamespace(
  cluster: CheckedCluster,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const { http, namespace } = cluster;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const answer = await orDenied(http.request<NamespaceLike>({ method: "GET", path, signal }));
  if (answer.kind === "ok") return namespaceChecks(namespace, answer.body);
  return [unseenNamespace(namespace, answer.kind === "denied")];
}

function unseenNamespace(namespace: string, isDenied: boolean): Check {
  // A Role cannot grant this one, and runs do not need it.
  if (isDenied)
    return passed(
      "claude_k8s_namespace",
      `Whether the namespace ${namespace} exists may not be asked; runs do without.`,
    );
  return failed(
    "claude_k8s_namespace",
    `The namespace ${namespace} does not exist.`,
    `kubectl create namespace ${namespace}`,
  );
}

/** What a namespace that is there means for runs. */
function namespaceChecks(name: string, namespace: NamespaceLike): readonly Check[] {
  const level = namespace.metadata?.labels?.[enforce];
  const isGoing = namespace.status?.phase === "Terminating";
  return [
    isGoing
      ? failed(
          "claude_k8s_namespace",
          `The namespace ${name} is being deleted: nothing can be created in it.`,
          "Wait until it is gone and create it again, or set namespace to another.",
        )
      : passed("claude_k8s_namespace", `The namespace ${name} exists.`),
    podSecurity(name, level),
  ];
}

function podSecurity(name: string, level: string | undefined): Check {
  const code = "claude_k8s_pod_security";
  if (level === "restricted")
    return passed(code, `Pod Security of ${name} is restricted, which the pods of runs pass.`);
  // Runs keep to `restricted` wherever they are. What else is let in beside them is the operator's matter.
  return level === undefined || level === "baseline" || level === "privileged"
    ? passed(
        code,
        `Pod Security of ${name} is ${level ?? "not set"}; the pods of runs pass restricted, so it can be raised.`,
      )
    : warned(
        code,
        `Pod Security of ${name} is ${JSON.stringify(level)}, which is no level that is known here.`,
        `kubectl label --overwrite namespace ${name} ${enforce}=restricted`,
      );
}
