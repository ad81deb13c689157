import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node";
import { kubeHttp, type KubeHttp } from "@claude-k8s/kube-http";
import type { JobEnd, JobEvent, JobRef, JobWatcher } from "../src/index.ts";

/** What a test needs of a cluster, real or emulated. */
export type TestCluster = {
  readonly http: KubeHttp;
  readonly namespace: string;
  readonly image: string;
};

export const label = "job-watch-test";

export function httpFor(kubeConfig: string | undefined): KubeHttp {
  const config = new KubeConfig();
  if (kubeConfig === undefined) config.loadFromDefault();
  else config.loadFromString(kubeConfig);
  return kubeHttp(config);
}

export type TestManifest = {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly labels: object };
  readonly [member: string]: unknown;
};

export function jobManifest(
  cluster: TestCluster,
  script: string,
  { spec = {}, pod = {}, container = {} }: Readonly<Record<string, object>> = {},
  group = "yes",
): TestManifest {
  const metadata = { labels: { [label]: group } };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      ...metadata,
      name: `watch-${randomUUID().slice(0, 8)}`,
      namespace: cluster.namespace,
    },
    spec: {
      backoffLimit: 0,
      ...spec,
      template: {
        metadata,
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 2,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
          },
          ...pod,
          containers: [
            {
              name: "main",
              image: cluster.image,
              command: ["sh", "-c", script],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              ...container,
            },
          ],
        },
      },
    },
  };
}

export type Made = {
  readonly job: JobRef;
  readonly events: readonly JobEvent[];
  readonly end: JobEnd;
};

/** Registers, creates, watches to the end; `during` sees every event as it comes. */
export async function watchRun(
  cluster: TestCluster,
  watcher: JobWatcher,
  manifest: TestManifest,
  during?: (event: JobEvent, job: JobRef) => Promise<void> | void,
): Promise<Made> {
  const { http, namespace } = cluster;
  const signal = AbortSignal.timeout(50_000);
  const path = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  let settle: ((uid: string) => void) | undefined;
  const settled = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const job: JobRef = { namespace, name: manifest.metadata.name };
  const watching = watcher.watch(job, { container: "main", signal, uid: settled });
  const answer = await http.request<{ metadata: { uid: string } }>({
    method: "POST",
    path,
    body: manifest,
    signal,
  });
  if (answer.kind !== "ok") throw new Error(`not created: ${JSON.stringify(answer)}`);
  const { uid } = answer.body.metadata;
  settle?.(uid);
  const events: JobEvent[] = [];
  for await (const event of watching) {
    events.push(event);
    await during?.(event, { ...job, uid });
  }
  const last = events.at(-1);
  if (last?.type !== "end") throw new Error(`no end: ${JSON.stringify(events)}`);
  return { job: { ...job, uid }, events, end: last.end };
}

export async function remove(
  { http }: TestCluster,
  { namespace, name, uid }: JobRef,
): Promise<void> {
  await http.request({
    method: "DELETE",
    path: `/apis/batch/v1/namespaces/${namespace}/jobs/${name}`,
    body: { propagationPolicy: "Background", preconditions: { uid } },
    signal: AbortSignal.timeout(10_000),
  });
}
