/** One finding of a look at a cluster, in the shape that the host shows. */
export interface Check {
  readonly code: CheckCode;
  /** `error`: no run can work. `warn`: runs work, with less. `info`: nothing is wrong. */
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  /** What to do about it. */
  readonly hint?: string;
}

export type CheckCode =
  | "claude_k8s_setting"
  | "claude_k8s_kubeconfig"
  | "claude_k8s_inherited"
  | "claude_k8s_api"
  | "claude_k8s_namespace"
  | "claude_k8s_pod_security"
  | "claude_k8s_right"
  | "claude_k8s_quota"
  | "claude_k8s_leases"
  | "claude_k8s_earlier_jobs"
  | "claude_k8s_volume"
  | "claude_k8s_workspace"
  | "claude_k8s_credentials"
  | "claude_k8s_image"
  | "claude_k8s_job"
  | "claude_k8s_host_url"
  | "claude_k8s_log"
  | "claude_k8s_time";

export function passed(code: CheckCode, message: string): Check {
  return { code, level: "info", message };
}

export function warned(code: CheckCode, message: string, hint?: string): Check {
  return { code, level: "warn", message, ...(hint === undefined ? {} : { hint }) };
}

export function failed(code: CheckCode, message: string, hint: string): Check {
  return { code, level: "error", message, hint };
}

/** True when something is wrong that no run can work with. */
export function hasBlocker(checks: readonly Check[]): boolean {
  return checks.some(({ level }) => level === "error");
}
