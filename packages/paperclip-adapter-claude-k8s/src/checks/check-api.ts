import { type KubeHttp, KubeHttpError } from "@claude-k8s/kube-http";
import { AdapterError } from "../errors.ts";
import { textOf } from "../untyped.ts";
import { type Check, failed, passed } from "./check.ts";

/** Whether the API server answers, and which it is. Throws nothing but the signal's reason. */
export async function checkApi(http: KubeHttp, signal: AbortSignal): Promise<Check> {
  try {
    const answer = await http.request<{ gitVersion?: string }>({
      method: "GET",
      path: "/version",
      signal,
    });
    const version = answer.kind === "ok" ? answer.body.gitVersion : undefined;
    return passed("claude_k8s_api", `The API server answers (${version ?? "unknown version"}).`);
  } catch (error) {
    signal.throwIfAborted();
    // An answer is an answer: whoever may not ask for the version may still run Jobs.
    if (KubeHttpError.isInstance(error) && error.code === "KUBE_DENIED")
      return passed("claude_k8s_api", "The API server answers; it does not say which it is.");
    return connectionFault(error);
  }
}

/** Why there is no connection to a cluster, and what to do. */
export function connectionFault(error: unknown): Check {
  if (AdapterError.isInstance(error))
    return failed(
      "claude_k8s_kubeconfig",
      error.message,
      "Set kubeconfig, or run the server in a pod.",
    );
  const code = KubeHttpError.isInstance(error) ? error.code : "KUBE_UNEXPECTED";
  return failed("claude_k8s_api", textOf(error), hints[code]);
}

const hints: Readonly<Record<KubeHttpError["code"], string>> = {
  KUBE_UNREACHABLE:
    "Check the kubeconfig's server address, and that network and proxy let the server's machine reach it.",
  KUBE_DENIED: "Grant the right that the message names to the server's account.",
  KUBE_UNAUTHORIZED:
    "The credentials are refused: renew the token or certificate in the kubeconfig, or the service account.",
  KUBE_OVERLOADED: "The API server turns requests away; try again, or ask who loads it.",
  KUBE_UNEXPECTED: "Check that the address is an API server's and no proxy answers in its place.",
  KUBE_CLOSED: "The server is shutting down; try again.",
};
