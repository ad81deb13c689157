// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { Emulator, EmulatorOptions, Program } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, objects } from "./support/cluster.ts";
import { fakeHost, type FakeHost, namespace } from "./support/fake-host.ts";
import { diagnosticsOf, kubernetesOf } from "./support/result.ts";
import { healthy } from "./support/transcript.ts";

const [init = "", said = ""] = healthy;

/** What a fate needs: the cluster, and the pod once its program has written something. */
interface Fate {
  readonly emulator: Emulator;
  readonly pod: () => string;
}

interface FateRow {
  readonly when: string;
  readonly program?: Program;
  readonly options?: EmulatorOptions;
  readonly config?: Record<string, unknown>;
  /** Done to the pod once it works. */
  readonly during?: (fate: Fate) => unknown;
  readonly code: string;
  readonly cause: string | undefined;
  /** Words that must be in the message: the cluster's own. */
  readonly says: RegExp;
  readonly started: boolean;
  /** Nobody but a person goes on. */
  readonly isFinal?: true;
}

const oom: Program = async ({ oomKill, sleep }) => {
  oomKill();
  await sleep(10_000);
  return 0;
};

async function send(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
): Promise<void> {
  const type = method === "PATCH" ? "application/merge-patch+json" : "application/json";
  const answer = await fetch(`${emulator.url}${path}`, {
    method,
    headers: { "content-type": type },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
}

const pods = `/api/v1/namespaces/${namespace}/pods`;

/** As the scheduler and the node controller do it: the condition first, then the deletion. */
function disrupt(reason: string): (fate: Fate) => Promise<void> {
  return async ({ emulator, pod }) => {
    const conditions = [
      { type: "DisruptionTarget", status: "True", reason, message: `by ${reason}` },
    ];
    await send(emulator, "PATCH", `${pods}/${pod()}/status`, { status: { conditions } });
    await send(emulator, "DELETE", `${pods}/${pod()}`, { gracePeriodSeconds: 0 });
  };
}

/** The kubelet's words (1.35). */
const overLimit = "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ";

/** Something replaces the pod of a Job that allows no retry. */
async function secondPod({ emulator, pod }: Fate): Promise<void> {
  const answer = await fetch(`${emulator.url}${pods}/${pod()}`);
  const { metadata, spec } = (await answer.json()) as {
    metadata: { labels: object; ownerReferences: object[] };
    spec: { nodeName?: string };
  };
  const { labels, ownerReferences } = metadata;
  const { nodeName: _, ...rest } = spec;
  const name = `${pod()}-second`;
  // The newest of a Job's pods is known by its second.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await send(emulator, "POST", pods, { metadata: { name, labels, ownerReferences }, spec: rest });
  await send(emulator, "DELETE", `${pods}/${pod()}`, { gracePeriodSeconds: 0 });
}

const rows: FateRow[] = [
  {
    when: "no node fits",
    options: { nodes: [] },
    code: "k8s_pod_schedule_failed",
    cause: "unschedulable",
    says: /unschedulable.*0\/0 nodes|no nodes available/i,
    started: false,
  },
  {
    when: "the image is not there",
    config: { image: "not-there:1", imagePullGraceSec: 0 },
    code: "k8s_pod_schedule_failed",
    cause: "image",
    says: /image pull failed.*not-there:1/i,
    started: false,
  },
  {
    when: "the image's name is none",
    config: { image: "Not A Name" },
    code: "configuration_incomplete",
    cause: undefined,
    says: /Not A Name/,
    started: false,
  },
  {
    when: "the image is never to be pulled, and not there",
    config: { image: "not-there:2", imagePullPolicy: "Never", imagePullGraceSec: 0 },
    code: "k8s_pod_schedule_failed",
    cause: "image",
    says: /ErrImageNeverPull.*not-there:2/,
    started: false,
  },
  {
    when: "the pod may not run as the account that it names",
    config: { serviceAccountName: "nobody" },
    code: "k8s_pod_schedule_failed",
    cause: "config",
    says: /serviceaccount "nobody" not found/,
    started: false,
  },
  {
    when: "the runtime class that the pod names does not exist",
    config: { runtimeClassName: "none" },
    code: "k8s_pod_schedule_failed",
    cause: "admission",
    says: /refused by the cluster: FailedCreate: .*RuntimeClass "none" not found/,
    started: false,
  },
  {
    when: "it runs out of memory before it has answered",
    program: async (context) => {
      context.stdout.write(`${init}\n`);
      return oom(context);
    },
    config: { "resources.limits.memory": "512Mi" },
    code: "k8s_oom_killed",
    cause: "oom",
    says: /limit 512Mi.*resources\.limits\.memory/,
    started: true,
  },
  {
    when: "it runs out of memory in the middle",
    program: async (context) => {
      context.stdout.write(`${init}\n${said}\n`);
      return oom(context);
    },
    code: "claude_truncated",
    cause: "oom",
    says: /truncated mid-stream.*OOMKilled.*ran out of memory/,
    started: true,
  },
  {
    when: "the node evicts it",
    during: ({ emulator, pod }) => emulator.node.evict({ namespace, name: pod() }, "low on memory"),
    code: "k8s_pod_lost",
    cause: "evicted",
    says: /evicted.*low on memory/,
    started: true,
  },
  {
    when: "it fills the disk beyond its limit",
    during: ({ emulator, pod }) => emulator.node.evict({ namespace, name: pod() }, overLimit),
    code: "k8s_pod_lost",
    cause: "evicted",
    says: /evicted.*ephemeral local storage usage exceeds the total limit of containers 1Gi/,
    started: true,
  },
  {
    when: "another pod of its Job is started",
    during: secondPod,
    code: "k8s_run_repeated",
    cause: "repeated",
    says: /started a second pod, so the program ran twice: pod .*-second/,
    started: true,
    isFinal: true,
  },
  {
    when: "a pod of higher priority takes its place",
    during: disrupt("PreemptionByScheduler"),
    code: "k8s_pod_lost",
    cause: "preempted",
    says: /preempted.*PreemptionByScheduler/,
    started: true,
  },
  {
    when: "its node is given up",
    during: disrupt("DeletionByTaintManager"),
    code: "k8s_pod_lost",
    cause: "node",
    says: /node was lost.*DeletionByTaintManager/,
    started: true,
  },
  {
    when: "somebody deletes the pod",
    during: ({ emulator, pod }) =>
      send(emulator, "DELETE", `${pods}/${pod()}`, { gracePeriodSeconds: 0 }),
    code: "k8s_pod_lost",
    cause: "pod-deleted",
    says: /deleted/,
    started: true,
  },
  {
    when: "somebody deletes the Job",
    during: async ({ emulator }) => {
      const [job = ""] = (await objects(emulator)).filter((name) => name.startsWith("jobs/"));
      const path = `/apis/batch/v1/namespaces/${namespace}/${job}`;
      await send(emulator, "DELETE", path, { propagationPolicy: "Foreground" });
    },
    code: "k8s_job_deleted_externally",
    cause: "deleted",
    says: /deleted externally before Claude could complete \[detected_via=.*job=claude-/,
    started: true,
  },
  {
    when: "somebody kills the container",
    during: ({ emulator, pod }) =>
      emulator.node.killContainer({ namespace, name: pod() }, "SIGKILL"),
    code: "claude_truncated",
    cause: undefined,
    says: /exit code 137 \(SIGKILL/,
    started: true,
  },
];

const waits: Program = async ({ stdout, sleep }) => {
  stdout.write(`${init}\n${said}\n`);
  await sleep(60_000);
  return 143;
};

test.concurrent.each(rows.map((row) => [row.when, row] as const))(
  "when %s, code, cause, words and recovery tell it",
  { timeout: 60_000 },
  async (_when, row) => {
    const result = await meets(row);
    expect([result.errorCode, result.errorMessage]).toEqual([row.code, result.errorMessage]);
    expect(kubernetesOf(result)["cause"] ?? undefined).toBe(row.cause);
    expect(result.errorMessage).toMatch(row.says);
    const bootstrap = { kind: "bootstrap", providerWorkStarted: false };
    expect(result.executionRecovery).toEqual(row.started ? undefined : bootstrap);
    const goesOn = row.started && row.isFinal !== true;
    const continuation = goesOn ? "continue_conversation_v1" : undefined;
    expect(result.resultJson?.["conversationContinuation"]).toBe(continuation);
    expect(JSON.stringify(diagnosticsOf(result)).length).toBeGreaterThan(50);
  },
);

async function meets(row: FateRow): Promise<AdapterExecutionResult> {
  await using emulator = await cluster(row.program ?? waits, row.options);
  const host = fakeHost({ config: { terminationGraceSec: 1, ...row.config } });
  const executed = createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(host.context);
  if (row.during !== undefined) {
    const pod = await podAtWork(emulator, host);
    await row.during({ emulator, pod: () => pod });
  }
  return await executed;
}

async function podAtWork(emulator: Emulator, host: FakeHost): Promise<string> {
  await expect.poll(() => host.output(), { timeout: 10_000 }).toContain(said);
  const [pod = ""] = (await objects(emulator)).filter((name) => name.startsWith("pods/"));
  return pod.slice("pods/".length);
}
