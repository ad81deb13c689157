import type { AdapterExecutionContext, AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { KubeRetry } from "@claude-k8s/kube-http";
import type { LogBreak } from "../run/history.ts";
import type { RunEvidence } from "../run/model.ts";

/** What telemetry reads of the host's context. */
export type RunNames = Pick<AdapterExecutionContext, "runId" | "agent" | "context">;

/** What it reads of a result. */
export type RunResult = Pick<AdapterExecutionResult, "errorCode" | "errorMessage">;

/** Where operators hear of runs. What it does must be quick, for nothing waits for it. */
export interface Telemetry {
  /** A run begins now. */
  begin(names: RunNames): RunTelemetry;
  /** A request to a cluster failed and is sent again. */
  apiRetry(retry: KubeRetry): void;
}

/** Of one run, from its begin to its end. */
export interface RunTelemetry {
  /** Where its Job is, or will be. */
  namespace(name: string): void;
  /** The log came with a break, now. */
  logBreak(seen: LogBreak): void;
  /** What a Job came to. A run that begins a fresh session has a second one. */
  attempt(evidence: RunEvidence): void;
  /** The run ends now, with this. `redact` takes secrets out of a text. */
  end(result: RunResult, redact: (text: string) => string): void;
}
