import { JobWatchError } from "@claude-k8s/job-watch";
import { KubeHttpError } from "@claude-k8s/kube-http";
import { LogStreamError } from "@claude-k8s/log-stream";
import { OrphanGuardError } from "@claude-k8s/orphan-guard";
import { AdapterError, type AdapterErrorCode } from "../errors.ts";
import { fieldsOf } from "../untyped.ts";

/** What `claude-k8s` exits with; the help and the README say the same. */
export const exitCodes = {
  done: 0,
  /** Done, and not all is well. */
  amiss: 1,
  commandLine: 2,
  noSuchRun: 3,
  notFree: 4,
  noCluster: 5,
  /** `EX_SOFTWARE` of sysexits.h. */
  internal: 70,
  interrupted: 130,
  closedPipe: 141,
  terminated: 143,
} as const;

const ofAdapter: Readonly<Record<AdapterErrorCode, number>> = {
  ADAPTER_COMMAND_LINE: exitCodes.commandLine,
  ADAPTER_NO_CLUSTER: exitCodes.commandLine,
  ADAPTER_NOTHING_TO_RUN: exitCodes.commandLine,
  ADAPTER_NO_WORKSPACE: exitCodes.commandLine,
  ADAPTER_NO_SUCH_RUN: exitCodes.noSuchRun,
  ADAPTER_RUN_NOT_FREE: exitCodes.notFree,
};

/** For a fault that ended a command. */
export function exitCodeOf(error: unknown): number {
  if (AdapterError.isInstance(error)) return ofAdapter[error.code];
  const isOfCluster =
    KubeHttpError.isInstance(error) ||
    JobWatchError.isInstance(error) ||
    OrphanGuardError.isInstance(error) ||
    LogStreamError.isInstance(error);
  return isOfCluster ? exitCodes.noCluster : exitCodes.internal;
}

/** For a command that was ended early; `undefined` for a reason that is none of a command's. */
export function exitCodeOfEnd(reason: unknown): number | undefined {
  const { kind, name } = fieldsOf(reason);
  if (kind === "closed") return exitCodes.closedPipe;
  if (kind !== "signal") return undefined;
  return name === "SIGTERM" ? exitCodes.terminated : exitCodes.interrupted;
}
