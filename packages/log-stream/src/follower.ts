import type { Clock } from "@claude-k8s/kube-http";
import type { Progress } from "./progress.ts";
import type { ContainerState, FollowLimits, LogSource, LogTarget } from "./types.ts";

/** Lines that may be missing (`possible`) or are (`certain`), after the one of this time. */
export type Gap = {
  readonly certainty: "possible" | "certain";
  readonly after: string | undefined;
};

/** What the steps of one follow share. */
export type Follower = {
  readonly source: LogSource;
  readonly target: LogTarget;
  readonly containerState: ContainerState;
  readonly signal: AbortSignal;
  readonly limits: Required<FollowLimits>;
  readonly spoolFolder: string | undefined;
  readonly clock: Clock;
  progress: Progress;
  /** Lines may be missing before the next one. */
  gap: Gap | undefined;
  /** Hash of the line at which a stream went back in time, until a whole read has told whether the file begins with it. */
  resent: string | undefined;
  /** The container was started again since the follow began: it may be again at any moment. */
  hasRestarted: boolean;
};
