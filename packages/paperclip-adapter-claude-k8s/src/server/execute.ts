import type { AdapterExecutionContext, AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { createExecutor, type Executor } from "../executor.ts";
import * as client from "./k8s-client.ts";
import { followOnce, type StopSignal } from "./stream-pod-logs-once.ts";

export { shouldAbortForCancellation } from "../cancel/host-run.ts";
export { classifyOrphan } from "../report/classify-orphan.ts";
export { isK8s404 } from "../report/is-k8s-404.ts";
export { buildPartialRunError } from "../report/partial-run-error.ts";
export { describePodTerminatedError, describeTruncationCause } from "../report/pod-state.ts";

let executor: Executor | undefined;

/** The executor over this server's usual clusters, made when it is first wanted. */
function defaultExecutor(): Executor {
  executor ??= createExecutor(client);
  return executor;
}

/** Runs one turn of an agent as a Kubernetes Job. Never throws: whatever happens is a result. */
export function execute(context: AdapterExecutionContext): Promise<AdapterExecutionResult> {
  return defaultExecutor().execute(context);
}

/**
 * One look at a pod's log; see `followOnce`. The sixth argument is not used: no line is ever taken for a
 * repetition of another.
 */
export function streamPodLogsOnce(
  namespace: string,
  pod: string,
  onLog: AdapterExecutionContext["onLog"],
  kubeconfigPath?: string,
  sinceSeconds?: number,
  _dedup?: unknown,
  stopSignal?: StopSignal,
): Promise<string> {
  const target = { namespace, pod, ...(sinceSeconds === undefined ? {} : { sinceSeconds }) };
  return followOnce(client.getLogApi(kubeconfigPath), target, onLog, stopSignal);
}
