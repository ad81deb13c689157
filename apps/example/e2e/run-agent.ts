import { randomUUID } from "node:crypto";
import type {
  AdapterExecutionResult,
  AdapterRuntimeMcpServer,
  ServerAdapterModule,
} from "@paperclipai/adapter-utils";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import type { ClusterUnderTest } from "../conformance/cluster.ts";
import { standalone } from "../src/cluster/kubeconfig.ts";
import { leftBehind } from "../src/cluster/left-behind.ts";
import { createHost, type Host, type HostListener } from "../src/host/host.ts";
import { replayConfig } from "../src/host/replay-config.ts";

export interface AgentRun {
  readonly host: Host;
  readonly result: AdapterExecutionResult;
  /** `execute` from call to result. */
  readonly tookMs: number;
  /** From the last piece of output to the result. */
  readonly settleMs: number | undefined;
  /** What stood in the cluster of this agent although the run was over. */
  readonly left: readonly string[];
}

export interface AgentOptions {
  /** Default: one that nobody else has. */
  readonly agentId?: string;
  /** The Job shall outlive the run: what is left is not waited for to go. */
  readonly leavesJob?: true;
  /** For what is deleted to be gone. Default 30,000. */
  readonly leftWithinMs?: number;
  /** What `claude` plays. Default `healthy`, without waits. */
  readonly scenario?: string;
  readonly speed?: number;
  readonly workspace?: Readonly<Record<string, unknown>>;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Instead of one for an account with the rights of the documented Role alone. */
  readonly kubeConfig?: string;
  readonly signal?: AbortSignal;
  readonly listener?: HostListener;
  readonly mcp?: readonly AdapterRuntimeMcpServer[];
}

/** Pods of a deleted Job are gone 2 s later, when nobody else needs the node. */
const leftWithinMs = 30_000;

/** One run of an agent, through the adapter as a host calls it. */
export async function runAgent(
  cluster: ClusterUnderTest,
  options: AgentOptions = {},
): Promise<AgentRun> {
  const agentId = options.agentId ?? randomUUID();
  const host = createHost({
    runId: randomUUID(),
    agentId,
    config: {
      namespace: cluster.namespace,
      image: cluster.image,
      // Many runs at once must fit on one small node.
      "resources.requests.cpu": "10m",
      "resources.requests.memory": "32Mi",
      promptTemplate: "Grüß dich: mach etwas.",
      ...replayConfig({
        scenario: options.scenario ?? "healthy",
        speed: options.speed ?? Infinity,
      }),
      ...options.config,
    },
    signal: options.signal ?? cluster.signal,
    ...(options.workspace === undefined ? {} : { workspace: options.workspace }),
    ...(options.listener === undefined ? {} : { listener: options.listener }),
    ...(options.mcp === undefined ? {} : { mcp: options.mcp }),
  });
  const kubeConfig = options.kubeConfig ?? standalone((await cluster.runner()).kubeConfig);
  const began = performance.now();
  const result = await adapterFor(kubeConfig).execute(host.context);
  const returned = performance.now();
  const { last } = host.times;
  return {
    host,
    result,
    tookMs: returned - began,
    settleMs: last === undefined ? undefined : returned - last,
    left: await leftBehind(cluster.http, {
      namespace: cluster.namespace,
      labelSelector: `paperclip.io/agent-id=${agentId}`,
      withinMs: options.leavesJob === true ? 0 : (options.leftWithinMs ?? leftWithinMs),
      signal: cluster.signal,
    }),
  };
}

const adapters = new Map<string, ServerAdapterModule>();

/** A host has one adapter for all its runs, so they share connections, watches and all else. */
function adapterFor(kubeConfig: string): ServerAdapterModule {
  const adapter = adapters.get(kubeConfig) ?? createServerAdapter({ kubeConfig });
  adapters.set(kubeConfig, adapter);
  return adapter;
}
