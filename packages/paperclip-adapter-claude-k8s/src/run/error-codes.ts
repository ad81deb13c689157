import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";

/**
 * What the host does after a failure, by the evidence it is given. `again`: the run is repeated, for its
 * program never started. `continued`: another turn of the conversation follows. `next wake`: nothing by
 * itself; the conversation goes on when somebody says something. `no`: a person must look first.
 */
export type Retried = "again" | "continued" | "next wake" | "no";

/** What holds of a code wherever it is used. `docs/errors.md` explains each to people. */
export interface ErrorCodeFacts {
  /** What the host may do by itself; the first is the usual one. */
  readonly retried: readonly Retried[];
  /** The host's own class of failures: it waits before it tries again. */
  readonly family?: NonNullable<AdapterExecutionResult["errorFamily"]>;
}

/** Every `errorCode` that a result of this adapter can have. */
export type ErrorCode =
  | "configuration_incomplete"
  | "k8s_agent_id_invalid"
  | "k8s_concurrency_guard_unreachable"
  | "k8s_concurrent_run_blocked"
  | "k8s_orphan_task_unknown"
  | "k8s_orphan_session_mismatch"
  | "k8s_pod_reattach_failed"
  | "k8s_job_build_failed"
  | "k8s_job_create_failed"
  | "k8s_pod_schedule_failed"
  | "k8s_workspace_clone_failed"
  | "timeout"
  | "cancelled"
  | "k8s_run_detached"
  | "k8s_prompt_not_given"
  | "k8s_job_state_unknown"
  | "k8s_job_deleted_externally"
  | "k8s_pod_lost"
  | "k8s_oom_killed"
  | "k8s_run_repeated"
  | "claude_truncated"
  | "llm_api_error"
  | "claude_init_failed"
  | "claude_k8s_internal"
  | "session_unavailable"
  | "claude_session_poisoned"
  | "claude_context_full"
  | "max_turns_exhausted"
  | "claude_budget_exhausted"
  | "claude_output_limit"
  | "provider_quota"
  | "claude_transient_upstream"
  | "claude_auth_required"
  | "claude_billing"
  | "claude_invalid_request"
  | "model_not_found"
  | "claude_refusal"
  | "claude_hook_stopped"
  | "claude_interrupted"
  | "claude_failed";

const passing = { family: "transient_upstream" } as const;

/** Nothing ran, and the cause may pass. */
const notStarted: ErrorCodeFacts = { retried: ["again"], ...passing };

/** It ran, and something outside it went wrong. */
const interrupted: ErrorCodeFacts = { retried: ["continued"], ...passing };

/** `claude` itself says what is wrong. */
const said: ErrorCodeFacts = { retried: ["continued"] };

export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeFacts>> = {
  configuration_incomplete: { retried: ["again", "no"] },
  k8s_agent_id_invalid: { retried: ["again"] },
  k8s_concurrency_guard_unreachable: notStarted,
  k8s_concurrent_run_blocked: notStarted,
  k8s_orphan_task_unknown: notStarted,
  k8s_orphan_session_mismatch: notStarted,
  k8s_pod_reattach_failed: notStarted,
  k8s_job_build_failed: { retried: ["again", "continued"], ...passing },
  k8s_job_create_failed: { retried: ["again", "continued"], ...passing },
  k8s_pod_schedule_failed: { retried: ["again", "continued"], ...passing },
  k8s_workspace_clone_failed: notStarted,
  timeout: { retried: ["continued", "again"] },
  cancelled: { retried: ["next wake", "continued", "again"] },
  k8s_run_detached: interrupted,
  k8s_prompt_not_given: interrupted,
  k8s_job_state_unknown: interrupted,
  k8s_job_deleted_externally: interrupted,
  k8s_pod_lost: interrupted,
  k8s_oom_killed: interrupted,
  k8s_run_repeated: { retried: ["no"] },
  claude_truncated: interrupted,
  llm_api_error: interrupted,
  claude_init_failed: said,
  claude_k8s_internal: { retried: ["no"] },
  session_unavailable: said,
  claude_session_poisoned: said,
  claude_context_full: said,
  max_turns_exhausted: { retried: ["continued"] },
  claude_budget_exhausted: said,
  claude_output_limit: said,
  provider_quota: { retried: ["continued"], family: "provider_quota" },
  claude_transient_upstream: interrupted,
  claude_auth_required: said,
  claude_billing: said,
  claude_invalid_request: said,
  model_not_found: said,
  claude_refusal: { retried: ["continued"], family: "model_refusal" },
  claude_hook_stopped: said,
  claude_interrupted: said,
  claude_failed: said,
};
