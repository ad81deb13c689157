/** The instrumentation scope of all spans and metrics. */
export const scope = "paperclip-adapter-claude-k8s";
