export { apiLogSource, type LogApiLike } from "./api-log-source.ts";
export { type LogCursor, parseCursor } from "./cursor.ts";
export { LogStreamError, type LogStreamErrorCode } from "./errors.ts";
export { followLog } from "./follow-log.ts";
export { kubeLogSource } from "./kube-log-source.ts";
export { podContainerState } from "./pod-container-state.ts";
export type {
  ContainerStanding,
  ContainerState,
  FollowLimits,
  FollowOptions,
  LogAnswer,
  LogEvent,
  LogLine,
  LogRequest,
  LogSource,
  LogTarget,
} from "./types.ts";
