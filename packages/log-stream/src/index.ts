export { apiLogSource, type LogApiLike } from "./api-log-source.ts";
export { followLog, kubeLogSource, podContainerState } from "./bindings.ts";
export { type LogCursor, parseCursor } from "./cursor.ts";
export { LogStreamError, type LogStreamErrorCode } from "./errors.ts";
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
