// Logs that are followed through what real clusters suffer: every line once, and a verified end.
// $CLUSTER_FAULT is a program that does it to the cluster: `NAME [SECONDS]`.
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { kubeHttp } from "@claude-k8s/kube-http";
import { followLog, kubeLogSource, podContainerState } from "@claude-k8s/log-stream";
import { describe } from "vitest";
import { createAccount } from "../src/cluster/account.ts";
import { kubeConfigOf, standalone } from "../src/cluster/kubeconfig.ts";
import { type ClusterUnderTest, test } from "../conformance/cluster.ts";
import { isRunning, nameOf, newName, runJob } from "../conformance/job.ts";
import { podOf } from "../conformance/objects.ts";

const fault = process.env["CLUSTER_FAULT"];
const rounds = Number(process.env["CLUSTER_FAULT_ROUNDS"] ?? 1);
const run = promisify(execFile);

/** Each with the seconds it lasts, and how long the program must go on to be there before, during and after. */
const faults: readonly (readonly [name: string, seconds?: number])[] = [
  ["kubelet-restart"],
  ["apiserver-restart"],
  ["apiserver-down", 20],
  ["apiserver-pause", 20],
  ["partition", 20],
  ["containerd-restart"],
];

const lines = 2_000;

type Followed = {
  readonly texts: readonly string[];
  readonly end: string;
  readonly gaps: number;
  readonly drops: readonly string[];
};

/** As a service account: the rights of an administrator are not forgotten by an API server that has just started. */
async function followAs(cluster: ClusterUnderTest, token: string, pod: string): Promise<Followed> {
  const http = kubeHttp(kubeConfigOf(standalone(cluster.kubeConfig, { token })));
  const target = { namespace: cluster.namespace, pod, container: "main" };
  const [texts, drops]: string[][] = [[], []];
  let [gaps, end] = [0, "none"];
  try {
    for await (const event of followLog({
      source: kubeLogSource(http),
      containerState: podContainerState(http, target),
      target,
      signal: cluster.signal,
    })) {
      if (event.type === "lines") texts?.push(...event.lines.map((line) => line.text));
      if (event.type === "stream-drop") drops?.push(event.cause);
      if (event.type === "gap") gaps++;
      if (event.type === "end") end = `${event.proof}: ${event.reason}`;
    }
  } finally {
    http.close();
  }
  return { texts: texts ?? [], drops: drops ?? [], gaps, end };
}

const cases = faults.flatMap(([name, seconds]) =>
  Array.from({ length: rounds }, (_, i) => ({ name, seconds, round: i + 1 })),
);

describe.skipIf(fault === undefined)("a log of 2,000 numbered lines, through", () => {
  test.for(cases)("$name, round $round", { timeout: 180_000 }, async (one, { cluster, expect }) => {
    const { name, seconds, round } = one;
    const { namespace, http, signal } = cluster;
    const rules = [{ apiGroups: [""], resources: ["pods", "pods/log"], verbs: ["get"] }];
    const account = { namespace, name: newName("follower"), rules, signal };
    const token = await createAccount(http, account);
    // 20 lines at a time, for 20 s longer than the fault.
    const pause = ((20 + (seconds ?? 0)) / 100).toFixed(2);
    const script =
      `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "line $i"; ` +
      `[ $((i % 20)) -ne 0 ] || sleep ${pause}; done`;
    const job = await runJob(cluster, script);
    const pod = nameOf(await podOf(cluster, job.name, isRunning));
    const following = followAs(cluster, token, pod);
    // Not always at the same moment of the program.
    await sleep(2_000 + 1_500 * round);
    await run(fault ?? "", [name, ...(seconds === undefined ? [] : [String(seconds)])]);
    const { texts, end, gaps, drops } = await following;
    console.log(`${name}: ${texts.length} lines, ${drops.length} drops, ${end}`);
    expect(texts).toEqual(Array.from({ length: lines }, (_, i) => `line ${i + 1}`));
    expect(gaps).toBe(0);
    expect(end).toMatch(/^verified/);
  });
});
