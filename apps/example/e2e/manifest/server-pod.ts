import { setTimeout as sleep } from "node:timers/promises";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { createAccount, type Rule } from "../../src/cluster/account.ts";
import { leftBehind } from "../../src/cluster/left-behind.ts";
import { parsed } from "../../src/json.ts";
import {
  agentConfigVariable,
  serverPodProgram,
  type ServerPodReport,
} from "../../src/server-pod/report.ts";

export interface ServerPod {
  /** Of the pod and its account. Default `server`; another for each server in a namespace. */
  readonly name?: string;
  /** Of the server's account in the namespace. */
  readonly rules: readonly Rule[];
  /** Secrets that are there beside it: by name, texts by key. */
  readonly secrets: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** More of the server's container and of its pod. */
  readonly container: { readonly env: readonly object[] } & Readonly<Record<string, unknown>>;
  readonly pod: Readonly<Record<string, unknown>>;
  /** Of the agent's settings; those that are the same for all win. Default: a recorded session. */
  readonly agent?: Readonly<Record<string, unknown>>;
}

interface Found {
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
  readonly data?: Readonly<Record<string, string>>;
}

/** What the server said, and what its run was in the cluster. */
export interface ServerPodRun {
  readonly report: ServerPodReport;
  readonly job: Found;
  readonly pod: Found;
  /** Of the run, those beside it left out. */
  readonly secrets: readonly Found[];
}

const recorded = { env: { CLAUDE_REPLAY: "lines:5", CLAUDE_REPLAY_SPEED: "0" } };

const managed = "app.kubernetes.io/managed-by=paperclip";

/**
 * Runs a server as a pod, which runs one agent that keeps its Job, and looks at what that made. Everything
 * is removed again.
 */
export async function runOfServerPod(
  cluster: ClusterUnderTest,
  server: ServerPod,
): Promise<ServerPodRun> {
  const { http, namespace, signal } = cluster;
  const { name: account = "server" } = server;
  await createAccount(http, { namespace, name: account, rules: server.rules, signal });
  for (const [name, stringData] of Object.entries(server.secrets))
    await create(cluster, "secrets", { metadata: { name }, stringData });
  await create(cluster, "pods", serverPod(cluster, account, server));

  const log = await endedLog(cluster, account);
  const report = parsed<ServerPodReport>(log.trim().split("\n").at(-1) ?? "");
  const [jobs, pods, secrets] = await Promise.all([
    list(cluster, "/apis/batch/v1", "jobs"),
    list(cluster, "/api/v1", "pods"),
    list(cluster, "/api/v1", "secrets"),
  ]);
  const [job] = jobs;
  const [pod] = pods;
  if (job === undefined || pod === undefined) throw new Error(`the server made no run: ${log}`);

  const foreground = { propagationPolicy: "Foreground" };
  await remove(
    cluster,
    `/apis/batch/v1/namespaces/${namespace}/jobs/${job.metadata.name}`,
    foreground,
  );
  await remove(cluster, `/api/v1/namespaces/${namespace}/pods/${account}`);
  for (const name of Object.keys(server.secrets))
    await remove(cluster, `/api/v1/namespaces/${namespace}/secrets/${name}`);
  const left = await leftBehind(http, { namespace, withinMs: 30_000, signal });
  if (left.length > 0) throw new Error(`still there: ${left.join(", ")}`);
  return { report, job, pod, secrets };
}

function serverPod(
  { image }: ClusterUnderTest,
  account: string,
  { container, pod, agent = recorded }: ServerPod,
): object {
  const config = {
    ...agent,
    retainJobs: true,
    promptTemplate: "Do it.",
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
  };
  const env = [...container.env, { name: agentConfigVariable, value: JSON.stringify(config) }];
  return {
    metadata: { name: account },
    spec: {
      ...pod,
      serviceAccountName: account,
      restartPolicy: "Never",
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          ...container,
          name: "paperclip",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["node", serverPodProgram],
          env,
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        },
      ],
    },
  };
}

/** Waits for the server to end, and answers what it printed. */
async function endedLog(cluster: ClusterUnderTest, account: string): Promise<string> {
  const { http, namespace, signal } = cluster;
  const path = `/api/v1/namespaces/${namespace}/pods/${account}`;
  for (let look = 0; look < 400; look += 1) {
    const answer = await http.request<{ status?: { phase?: string } }>({
      method: "GET",
      path,
      signal,
    });
    const phase = answer.kind === "ok" ? answer.body.status?.phase : undefined;
    if (phase === "Succeeded" || phase === "Failed") break;
    await sleep(250, undefined, { signal });
  }
  const { body } = await http.open({ path: `${path}/log`, signal });
  const pieces: Uint8Array[] = [];
  for await (const piece of body) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}

async function list(cluster: ClusterUnderTest, group: string, kind: string): Promise<Found[]> {
  const { http, namespace, signal } = cluster;
  const answer = await http.request<{ items: Found[] }>({
    method: "GET",
    path: `${group}/namespaces/${namespace}/${kind}`,
    query: { labelSelector: managed },
    signal,
  });
  if (answer.kind !== "ok") throw new Error(`cannot list ${kind}: ${answer.kind}`);
  return answer.body.items;
}

async function create(cluster: ClusterUnderTest, kind: string, body: object): Promise<void> {
  const { http, namespace, signal } = cluster;
  const path = `/api/v1/namespaces/${namespace}/${kind}`;
  const answer = await http.request({ method: "POST", path, body, signal });
  if (answer.kind !== "ok") throw new Error(`POST ${path}: ${JSON.stringify(answer)}`);
}

async function remove(cluster: ClusterUnderTest, path: string, body?: object): Promise<void> {
  const { http, signal } = cluster;
  await http.request({ method: "DELETE", path, ...(body === undefined ? {} : { body }), signal });
}
