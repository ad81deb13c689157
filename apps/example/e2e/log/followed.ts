import { kubeHttp } from "@claude-k8s/kube-http";
import { followLog, kubeLogSource, type LogEvent, podContainerState } from "@claude-k8s/log-stream";
import { createAccount } from "../../src/cluster/account.ts";
import { kubeConfigOf, standalone } from "../../src/cluster/kubeconfig.ts";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { isRunning, nameOf, newName, runJob } from "../../conformance/job.ts";
import { podOf } from "../../conformance/objects.ts";

export type Followed = {
  readonly texts: readonly string[];
  readonly end: string;
  readonly gaps: readonly Extract<LogEvent, { type: "gap" }>[];
  readonly drops: readonly string[];
  /** Bytes that were put aside while the consumer was blocked. */
  readonly spooled: number;
};

/**
 * Runs a shell script as a Job and follows its log to the end, as a service account: an administrator's rights are not
 * forgotten by an API server that has just started.
 * @param onLines called, and waited for, with how many lines have come so far
 */
export async function runFollowed(
  cluster: ClusterUnderTest,
  script: string,
  onLines: (count: number) => Promise<void> | void = () => {},
): Promise<Followed> {
  const { namespace, signal } = cluster;
  const rules = [{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get"] }];
  const account = { namespace, name: newName("follower"), rules, signal };
  const token = await createAccount(cluster.http, account);
  const job = await runJob(cluster, script);
  const pod = nameOf(await podOf(cluster, job.name, isRunning));
  const http = kubeHttp(kubeConfigOf(standalone(cluster.kubeConfig, { token })));
  const target = { namespace, pod, container: "main" };
  const texts: string[] = [];
  const drops: string[] = [];
  const gaps: Extract<LogEvent, { type: "gap" }>[] = [];
  let [spooled, end] = [0, "none"];
  try {
    for await (const event of followLog({
      source: kubeLogSource(http),
      containerState: podContainerState(http, target),
      target,
      signal,
    })) {
      if (event.type === "stream-drop") drops.push(event.cause);
      if (event.type === "gap") gaps.push(event);
      if (event.type === "spool") spooled += event.bytes;
      if (event.type === "end") end = `${event.proof}: ${event.reason}`;
      if (event.type !== "lines") continue;
      for (const line of event.lines) texts.push(line.text);
      await onLines(texts.length);
    }
  } finally {
    http.close();
  }
  return { texts, drops, gaps, spooled, end };
}
