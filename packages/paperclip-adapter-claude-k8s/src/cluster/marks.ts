/** The adapter's type: its name at the host, and the label of all its Jobs. */
export const adapterType = "claude_k8s";

/** Labels that Jobs of ours carry beside those the guard reads. Values are made safe for Kubernetes. */
export const ownLabels = {
  adapterType: "paperclip.io/adapter-type",
  agentId: "paperclip.io/agent-id",
  companyId: "paperclip.io/company-id",
} as const;

/** Annotations that Jobs of ours carry beside those the guard reads. */
export const ownAnnotations = {
  agentName: "claude-k8s/agent-name",
  /** Where the host's copy of the output stopped when its server went away. */
  logPosition: "claude-k8s/log-cursor",
  /** Whose Job it was before, as a JSON list, oldest first. */
  earlierRunIds: "claude-k8s/earlier-run-ids",
  /** Key of the bundle on the claim that the pod has mounted. */
  bundle: "claude-k8s/bundle",
} as const;

/** All Jobs of this adapter in a namespace. `managed-by` would match those of sibling adapters too. */
export const labelSelector: string = `${ownLabels.adapterType}=${adapterType}`;
