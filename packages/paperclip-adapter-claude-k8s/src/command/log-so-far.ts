import type { KubeHttp } from "@claude-k8s/kube-http";
import {
  followLog,
  kubeLogSource,
  type LogSource,
  type LogTarget,
  podContainerState,
} from "@claude-k8s/log-stream";
import { containerName } from "../report/pod-state.ts";
import type { OutputView } from "./transcript-view.ts";

/**
 * Prints a log as it is now, and does not wait for more: the same reader as for following, over a source whose
 * streams end where the log does, of a container that counts as ended.
 * @returns what is missing, in words; `undefined`: nothing
 */
export async function printLogSoFar(
  http: KubeHttp,
  namespace: string,
  pod: { readonly name: string; readonly uid?: string },
  { view, signal }: { readonly view: OutputView; readonly signal: AbortSignal },
): Promise<string | undefined> {
  const target: LogTarget = {
    namespace,
    pod: pod.name,
    ...(pod.uid === undefined ? {} : { uid: pod.uid }),
    container: containerName,
  };
  const standing = podContainerState(http, target);
  const asked = await standing(signal);
  let missing: string | undefined;
  for await (const event of followLog({
    source: notFollowing(kubeLogSource(http)),
    target,
    containerState: async () =>
      asked.kind === "gone" ? { kind: "gone" } : { ...asked, kind: "terminated" },
    // Of a program that goes on printing, the last read always finds something new.
    limits: { lastReadsMs: asked.kind === "terminated" ? 30_000 : 0 },
    signal,
  })) {
    if (event.type === "lines")
      await view.write(
        event.lines.map(({ text, noNewline }) => (noNewline ? text : `${text}\n`)).join(""),
      );
    if (event.type === "gap")
      missing = `lines of the log ${event.certainty === "certain" ? "are" : "may be"} missing: it was rotated away`;
    if (event.type === "end" && event.proof === "unverified" && event.lines === 0)
      missing = `${pod.name} has printed nothing: ${event.reason}`;
    else if (event.type === "end" && event.proof === "unverified" && asked.kind === "terminated")
      missing = `the end of the log is not verified: ${event.reason}`;
  }
  await view.end();
  return missing;
}

function notFollowing(source: LogSource): LogSource {
  return { open: (target, request) => source.open(target, { ...request, follow: false }) };
}
