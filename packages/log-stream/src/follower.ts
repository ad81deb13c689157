import type { Clock } from "@claude-k8s/kube-http";
import type { Progress } from "./progress.ts";
import type { ContainerState, FollowLimits, LogSource, LogTarget } from "./types.ts";

/** What the steps of one follow share. */
export type Follower = {
  readonly source: LogSource;
  readonly target: LogTarget;
  readonly containerState: ContainerState;
  readonly signal: AbortSignal;
  readonly limits: Required<FollowLimits>;
  readonly clock: Clock;
  progress: Progress;
  /** Lines may be missing before the next one. */
  gap: { readonly after: string | undefined } | undefined;
};
