/** Annotations by which Jobs of ours are understood. */
export const annotations = {
  /** Nonce of the attempt that created the Job: tells a lost reply's Job from another's. */
  createId: "claude-k8s/create-id",
  /** RFC 3339; set as the Job is let go. Without it a suspended Job is an unfinished creation. */
  resumedAt: "claude-k8s/resumed-at",
  /** What only one run at a time may hold. */
  guardKey: "claude-k8s/guard-key",
  /** Raw ids. Labels hold them only where Kubernetes allows their characters. */
  agentId: "claude-k8s/agent-id",
  runId: "claude-k8s/run-id",
  taskId: "claude-k8s/task-id",
  sessionId: "claude-k8s/session-id",
  /** Who follows the Job: the identity of a Lease. Absent: nobody. */
  supervisor: "claude-k8s/supervisor",
  /** A whole number, one more with every change of supervisor. */
  epoch: "claude-k8s/epoch",
  /** RFC 3339; a stop was asked for. Whoever comes next goes on from it. */
  cancelRequested: "claude-k8s/cancel-requested",
  /** RFC 3339; its result was handed over, and the Job is only kept for looking at. */
  collectedAt: "claude-k8s/collected-at",
} as const;

/** Labels that hold the same ids; read where the annotation is missing. */
export const labels = {
  runId: "paperclip.io/run-id",
  taskId: "paperclip.io/task-id",
  sessionId: "paperclip.io/session-id",
} as const;
