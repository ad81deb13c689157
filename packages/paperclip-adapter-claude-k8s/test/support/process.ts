import type { AdapterExecutionContext, AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { kubeHttp } from "@claude-k8s/kube-http";
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import type { RunningRun } from "../../src/cancel/shutdown.ts";
import { createExecutor } from "../../src/executor.ts";
import type { SelfPodInfo } from "../../src/server/self-pod.ts";
import { parseKubeConfig } from "../../src/server/k8s-client.ts";
import { namespace } from "./fake-host.ts";

/** What one server process is to a cluster: its own connections, Lease, sweeps and set of followed Jobs. */
export interface ServerProcess {
  execute(context: AdapterExecutionContext): Promise<AdapterExecutionResult>;
  /** What SIGTERM does to it; ends when everything is left in order. */
  terminate(): Promise<void>;
  /** The network is gone for it, as for a process that was killed: it writes nothing any more. */
  kill(): void;
}

export function serverProcess(
  emulator: Emulator,
  kubeConfig: string = emulator.kubeConfig,
  self: Partial<SelfPodInfo> = {},
): ServerProcess {
  const { config } = parseKubeConfig(kubeConfig);
  const http = kubeHttp(config);
  const runs = new Set<RunningRun>();
  const keys = new Set<string>();
  const executor = createExecutor(
    { getKubeHttp: () => http, getSelfPodInfo: async () => ({ namespace, ...self }) },
    {
      shutdown: { add: (run) => void runs.add(run), remove: (run) => void runs.delete(run) },
      followed: {
        add: (job) => void keys.add(keyOf(job)),
        remove: (job) => void keys.delete(keyOf(job)),
        has: (job) => keys.has(keyOf(job)),
      },
    },
  );
  return {
    execute: (context) => executor.execute(context),
    async terminate() {
      const all = [...runs];
      for (const { stop } of all) stop.abort({ kind: "host-shutdown" });
      await Promise.all(all.map(({ settled }) => settled));
    },
    kill: () => http.close(),
  };
}

function keyOf(job: { readonly uid?: string | undefined; readonly name: string }): string {
  return job.uid ?? job.name;
}

type Stored = {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
};

/** The Jobs of the tests' namespace as the API server has them. */
export function jobsOf(emulator: Emulator): Promise<Stored[]> {
  return listed(emulator, "apis/batch/v1", "jobs");
}

/** Names of the Leases there. */
export async function leasesOf(emulator: Emulator): Promise<string[]> {
  const leases = await listed(emulator, "apis/coordination.k8s.io/v1", "leases");
  return leases.map(({ metadata }) => metadata.name);
}

async function listed(emulator: Emulator, group: string, plural: string): Promise<Stored[]> {
  const answer = await fetch(`${emulator.url}/${group}/namespaces/${namespace}/${plural}`);
  return ((await answer.json()) as { items: Stored[] }).items;
}
