import { KubeHttpError } from "@claude-k8s/kube-http";
import { type Check, failed, passed, warned } from "./check.ts";
import type { CheckedCluster } from "./checked-cluster.ts";
import { describeRight, type Right, rights, ruleFor } from "./rights.ts";

const code = "claude_k8s_right";

/** What is known of a right: the API server may also not want to say. */
type RightAnswer = "allowed" | "missing" | "unknown";

/** Asks for each right by itself; answers one finding a right, in the order of `rights`. */
export async function checkRights(
  cluster: CheckedCluster,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const answers = await Promise.all(rights.map((right) => ask(cluster, right, signal)));
  return rights.map((right, index) =>
    rightCheck(right, answers[index] ?? "unknown", cluster.namespace),
  );
}

async function ask(
  { http, namespace }: CheckedCluster,
  { group, resource, subresource, verb, isClusterWide }: Right,
  signal: AbortSignal,
): Promise<RightAnswer> {
  const attributes = {
    group,
    resource,
    verb,
    ...(subresource === undefined ? {} : { subresource }),
    ...(isClusterWide ? {} : { namespace }),
  };
  try {
    const answer = await http.request<{ status?: { allowed?: boolean } }>({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: attributes },
      },
      repeatable: true,
      signal,
    });
    if (answer.kind !== "ok") return "unknown";
    return answer.body.status?.allowed === true ? "allowed" : "missing";
  } catch (error) {
    if (KubeHttpError.isInstance(error) && error.code === "KUBE_DENIED") return "unknown";
    throw error;
  }
}

/** What an answer means. A right that only a ClusterRole can give is not missed by who has the Role. */
function rightCheck(right: Right, answer: RightAnswer, namespace: string): Check {
  const words = describeRight(right);
  const { use, without, isClusterWide } = right;
  if (answer === "allowed") return passed(code, `May ${words}.`);
  if (answer === "unknown")
    return warned(
      code,
      `Whether ${words} is allowed is not known: the API server does not answer reviews of access.`,
      "Grant create selfsubjectaccessreviews.authorization.k8s.io, which system:basic-user usually gives.",
    );
  if (isClusterWide)
    return {
      ...passed(code, `May not ${words}: ${without ?? use}.`),
      hint: `Optional: bind a ClusterRole with the rule ${ruleFor(right)}`,
    };
  const hint = `Grant "${words}" to the server's account by this rule of its Role in ${namespace}: ${ruleFor(right)}`;
  return without === undefined
    ? failed(code, `May not ${words} in ${namespace}, which is used to ${use}.`, hint)
    : warned(code, `May not ${words} in ${namespace}: ${without}.`, hint);
}
