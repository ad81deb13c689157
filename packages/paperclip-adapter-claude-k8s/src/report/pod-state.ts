/** How a container ended, as the pod's status tells it; `null` where it does not tell. */
export interface ContainerEnd {
  readonly exitCode: number | null;
  readonly reason: string | null;
  readonly message: string | null;
  readonly signal: number | string | null;
}

/** The part of a pod's container status that is read here. */
export interface ContainerStatusLike {
  readonly name: string;
  readonly state?: {
    readonly terminated?: {
      readonly exitCode?: number | null;
      readonly reason?: string | null;
      readonly message?: string | null;
    };
  };
}

/** Name of the container that runs the program, in every pod of ours. */
export const containerName = "claude";

/** Says in a sentence how a pod that never ran properly ended. */
export function describePodTerminatedError(
  podName: string,
  phase: string,
  containerStatuses: readonly ContainerStatusLike[],
): string {
  const status = containerStatuses.find(({ name }) => name === containerName);
  const terminated = status?.state?.terminated;
  if (terminated === undefined) return `Pod ${podName} reached phase=${phase}`;
  const why = terminated.reason ?? terminated.message;
  const code = terminated.exitCode ?? "unknown";
  return `Pod ${podName} reached phase=${phase}: exit code ${code}${why ? ` (${why})` : ""}`;
}

/** Says what cut an answer short, from the state of the container that gave it. */
export function describeTruncationCause(state: ContainerEnd | null): string {
  if (state === null) return "pod state unavailable";
  return [
    state.exitCode === null ? "no exit code" : exitCodeText(state.exitCode),
    state.reason && `reason=${state.reason}`,
    state.message && `message=${state.message.trim()}`,
  ]
    .filter(Boolean)
    .join(", ");
}

/** The same in brackets, to follow another sentence; `""` when nothing is known. */
export function podSuffix(state: ContainerEnd | null): string {
  if (state === null) return "";
  const parts = [
    state.reason && `reason=${state.reason}`,
    state.message && `message=${state.message.trim()}`,
    state.exitCode === 137 && "SIGKILL (commonly OOMKilled)",
  ].filter(Boolean);
  return parts.length === 0 ? "" : ` [pod: ${parts.join(", ")}]`;
}

/** Exit codes above 128 are a signal's number plus 128. */
function exitCodeText(code: number): string {
  if (code === 137) return "exit code 137 (SIGKILL, commonly out of memory)";
  return code === 143 ? "exit code 143 (SIGTERM)" : `exit code ${code}`;
}
