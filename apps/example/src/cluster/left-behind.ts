import type { KubeHttp } from "@claude-k8s/kube-http";
import { setTimeout as sleep } from "node:timers/promises";

const kinds = [
  ["jobs", "/apis/batch/v1"],
  ["pods", "/api/v1"],
  ["secrets", "/api/v1"],
] as const;

interface Names {
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

export interface LeftBehindRequest {
  readonly namespace: string;
  /** Absent: everything in the namespace. */
  readonly labelSelector?: string;
  /** A result waits for a deletion to be accepted, not for the pods to be gone. */
  readonly withinMs: number;
  readonly signal: AbortSignal;
}

/** What stands in the namespace although it should have gone: `jobs/NAME` and so on, as kubectl prints it. */
export async function leftBehind(
  http: KubeHttp,
  request: LeftBehindRequest,
): Promise<readonly string[]> {
  const until = performance.now() + request.withinMs;
  for (;;) {
    const names = await look(http, request);
    if (names.length === 0 || performance.now() > until) return names;
    await sleep(50, undefined, { signal: request.signal });
  }
}

async function look(http: KubeHttp, request: LeftBehindRequest): Promise<readonly string[]> {
  const { namespace, labelSelector, signal } = request;
  const found = await Promise.all(
    kinds.map(async ([kind, group]) => {
      const answer = await http.request<Names>({
        method: "GET",
        path: `${group}/namespaces/${namespace}/${kind}`,
        query: { labelSelector },
        signal,
      });
      if (answer.kind !== "ok") throw new Error(`cannot list ${kind}: ${answer.kind}`);
      return answer.body.items.map((item) => `${kind}/${item.metadata.name}`);
    }),
  );
  return found.flat();
}
