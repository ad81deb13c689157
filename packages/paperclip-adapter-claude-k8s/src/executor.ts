import type {
  AdapterEnvironmentTestContext,
  AdapterEnvironmentTestResult,
  AdapterExecutionContext,
  AdapterExecutionResult,
  HireApprovedHookResult,
  ProviderQuotaResult,
} from "@paperclipai/adapter-utils";
import { processShutdown, type Shutdown } from "./cancel/shutdown.ts";
import { createClusters } from "./cluster/clusters.ts";
import type { ClusterClient } from "./cluster/cluster-client.ts";
import type { SupervisionTimes } from "./cluster/supervision-times.ts";
import type { Connect } from "./environment-test/cheap-half.ts";
import { hireApproved } from "./environment-test/hire-approved.ts";
import { testEnvironment } from "./environment-test/test-environment.ts";
import { executeRun } from "./host/execute-run.ts";
import { quotaWindows, runPlaces } from "./quota/quota-windows.ts";
import { rateLimits } from "./quota/rate-limits.ts";
import { otherNamespaces } from "./host/other-namespaces.ts";
import { type FollowedJobs, followedJobs } from "./run/followed-jobs.ts";
import type { GuardedTelemetry } from "./telemetry/guarded.ts";
import { processTelemetry } from "./telemetry/process-telemetry.ts";

/** The adapter's work over one client; what runs share lives here, and begins with the first of them. */
export interface Executor {
  /** Runs one turn of an agent as a Job. Never throws: whatever happens is a result. */
  execute(context: AdapterExecutionContext): Promise<AdapterExecutionResult>;
  testEnvironment(context: AdapterEnvironmentTestContext): Promise<AdapterEnvironmentTestResult>;
  /** The half of the test that creates nothing, for an agent that was just approved. Never throws. */
  hireApproved(config: Readonly<Record<string, unknown>>): Promise<HireApprovedHookResult>;
  /** How far the provider's limits and the namespaces' quotas are used up. Never throws. */
  quotaWindows(): Promise<ProviderQuotaResult>;
}

/** What all executors of one process share. */
export interface ProcessState {
  readonly shutdown: Shutdown;
  readonly followed: FollowedJobs;
  /** Absent: by the OpenTelemetry API, to whatever SDK the process has. */
  readonly telemetry?: GuardedTelemetry;
  /** Absent: the defaults. */
  readonly times?: SupervisionTimes | undefined;
}

export function thisProcess(times?: SupervisionTimes): ProcessState {
  return { shutdown: processShutdown(), followed: followedJobs(), times };
}

/** Makes an executor; nothing is read, connected or listened for until it is used. */
export function createExecutor(
  client: ClusterClient,
  process: ProcessState = thisProcess(),
): Executor {
  const { shutdown, followed, telemetry = processTelemetry() } = process;
  const clusters = createClusters(client, process);
  const limits = rateLimits();
  const places = runPlaces();
  const others = otherNamespaces();
  const shared = { client, clusters, shutdown, followed, telemetry, limits, places, others };
  const connect: Connect = async (kubeconfig) => ({
    http: clusters.quick(kubeconfig),
    self: await client.getSelfPodInfo(kubeconfig),
  });
  return {
    execute: (context) => executeRun(context, shared),
    testEnvironment: (context) => testEnvironment(context, connect),
    hireApproved: (config) => hireApproved(config, connect),
    quotaWindows: () => quotaWindows(limits, places, connect),
  };
}
