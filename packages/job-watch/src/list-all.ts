import type { KubeHttp } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { asked } from "./kube-fault.ts";
import type { RawList } from "./kube-objects.ts";
import { listItems } from "./list-items.ts";
import type { Kind, Sink } from "./watch-once.ts";

/**
 * Hands over all objects of a kind, read in pages.
 * @returns the version to watch from; `undefined` when they could not be read now
 * @throws JobWatchError `JOB_WATCH_DENIED`, or the signal's reason
 */
export async function listAll<T, K>(
  { http, kind, sink }: { readonly http: KubeHttp; readonly kind: Kind; readonly sink: Sink<T, K> },
  signal: AbortSignal,
): Promise<string | undefined> {
  const items: K[] = [];
  let version: string | undefined;
  let next: string | undefined;
  try {
    do {
      const query = { labelSelector: kind.labelSelector, limit: 500, continue: next };
      const request = { method: "GET", path: kind.path, query, signal } as const;
      const answer = await asked(http.request<RawList<T>>(request), signal);
      const list = answer.kind === "ok" ? answer.body : undefined;
      for (const item of listItems(list, `list ${kind.path}`)) items.push(sink.slim(item));
      version = list?.metadata?.resourceVersion;
      next = list?.metadata?.continue;
    } while (next !== undefined && next !== "");
  } catch (error) {
    signal.throwIfAborted();
    if (!JobWatchError.isInstance(error) || error.code !== "JOB_WATCH_BLIND") throw error;
    sink.blind(error.message);
    return undefined;
  }
  sink.sighted();
  sink.replace(items);
  return version;
}
