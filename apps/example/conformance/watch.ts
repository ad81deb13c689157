import type { KubeQuery } from "@claude-k8s/kube-http";
import { parsed } from "../src/json.ts";
import type { ClusterUnderTest } from "./cluster.ts";
import { type KubeObject, pathOf } from "./objects.ts";

export interface WatchEvent<T = KubeObject> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

export interface Watching<T> {
  readonly status: number;
  readonly message?: string;
  /** Reads on until an event is as wanted; answers all that were read since the last call. */
  until(wanted: (event: WatchEvent<T>) => boolean): Promise<WatchEvent<T>[]>;
  /** Reads to the server's own end. */
  rest(): Promise<WatchEvent<T>[]>;
}

/** Opens a watch. It ends with the cluster, or with `timeoutSeconds`, at most a minute. */
export async function watch<T = KubeObject>(
  cluster: ClusterUnderTest,
  resource: string,
  query: KubeQuery = {},
): Promise<Watching<T>> {
  const stream = await cluster.http.open({
    path: pathOf(cluster, resource),
    query: { watch: true, timeoutSeconds: 60, ...query },
    signal: cluster.signal,
  });
  const events = eventsOf<T>(stream.body)[Symbol.asyncIterator]();
  const read = async (wanted: (event: WatchEvent<T>) => boolean): Promise<WatchEvent<T>[]> => {
    const seen: WatchEvent<T>[] = [];
    for (;;) {
      const next = await events.next();
      if (next.done === true) return seen;
      seen.push(next.value);
      if (wanted(next.value)) return seen;
    }
  };
  return {
    status: stream.status,
    ...(stream.message === undefined ? {} : { message: stream.message }),
    until: read,
    rest: () => read(() => false),
  };
}

async function* eventsOf<T>(body: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent<T>> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) yield parsed<WatchEvent<T>>(line);
  }
}
