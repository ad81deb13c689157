import type { KubeRetry } from "@claude-k8s/kube-http";
import { guarded, type GuardedTelemetry } from "./guarded.ts";
import { metricTelemetry } from "./metrics.ts";
import { traceTelemetry } from "./traces.ts";

let telemetry: GuardedTelemetry | undefined;

/** The one of this copy of the adapter, made when it is first wanted; the SDK behind it is the process's. */
export function processTelemetry(): GuardedTelemetry {
  telemetry ??= guarded([metricTelemetry(), traceTelemetry()]);
  return telemetry;
}

/** For connections, which are shared by all executors and know of no run. */
export function countRetry(retry: KubeRetry): void {
  processTelemetry().apiRetry(retry);
}
