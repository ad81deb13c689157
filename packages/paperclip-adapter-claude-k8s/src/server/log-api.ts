import { finished, pipeline } from "node:stream/promises";
import { Readable, type Writable } from "node:stream";
import type { KubeHttp } from "@claude-k8s/kube-http";

/** The signature of client-node's `Log.log`, whose promise ends when the headers come; this one when the log does. */
export interface LogApi {
  log(
    namespace: string,
    pod: string,
    container: string,
    writable: Writable,
    options?: { follow?: boolean; timestamps?: boolean; tailLines?: number; sinceSeconds?: number },
  ): Promise<void>;
}

/** Destroying the writable aborts the request. */
export function logApiOver(http: KubeHttp): LogApi {
  return {
    async log(namespace, pod, container, writable, options = {}) {
      const over = new AbortController();
      finished(writable).then(
        () => over.abort(),
        () => over.abort(),
      );
      const stream = await http.open({
        path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/log`,
        query: { container, ...options },
        signal: over.signal,
      });
      if (stream.status !== 200)
        throw Object.assign(new Error(`HTTP-Code: ${stream.status} ${stream.message ?? ""}`), {
          statusCode: stream.status,
        });
      await pipeline(Readable.from(stream.body), writable);
    },
  };
}
