import { apiLogSource, type LogApiLike, type LogSource } from "@claude-k8s/log-stream";

/** The member of client-node's `CoreV1Api` that reads a log as it is now. */
export interface PodLogApiLike {
  readNamespacedPodLog(request: {
    name: string;
    namespace: string;
    container: string;
    timestamps: boolean;
    tailLines?: number;
  }): Promise<unknown>;
}

/**
 * Follows by `log()`, and reads by the call that is meant for reading: `log()` holds a connection open, and
 * does not tell one that ended from one that was cut. A reader that answers nothing has said nothing; then
 * `log()` is asked after all.
 */
export function apiLogs(log: LogApiLike, core: PodLogApiLike): LogSource {
  const streams = apiLogSource(log);
  return {
    async open(target, request) {
      if (request.follow) return streams.open(target, request);
      const text = await read(core, target, request.tailLines);
      if (text === undefined) return streams.open(target, request);
      return { kind: "open", body: bytesOf(text), timestamps: "unknown" };
    },
  };
}

/** `undefined` when the reader cannot say; what is wrong then shows by `log()`. */
async function read(
  core: PodLogApiLike,
  { namespace, pod, container }: { namespace: string; pod: string; container: string },
  tailLines: number | undefined,
): Promise<string | undefined> {
  try {
    const tail = tailLines === undefined ? {} : { tailLines };
    const answer = await core.readNamespacedPodLog({
      name: pod,
      namespace,
      container,
      timestamps: true,
      ...tail,
    });
    return typeof answer === "string" ? answer : undefined;
  } catch {
    return undefined;
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
