import type { RawTerminated } from "./kube-objects.ts";
import { present } from "./present.ts";
import { timeText } from "./time-text.ts";
import type { ContainerExit } from "./types.ts";

/** The kubelet's word for a container it has lost; the code 137 beside it is made up. */
export const statusUnknown = "ContainerStatusUnknown";

/** A container's exit in our words. */
export function containerExit(
  container: string,
  terminated: RawTerminated,
  memoryLimit: string | undefined,
): ContainerExit {
  const { exitCode, reason, message } = terminated;
  const code = reason === statusUnknown ? undefined : (exitCode ?? undefined);
  return {
    container,
    code,
    ...present({
      signal: signalOf(terminated.signal ?? (code === undefined ? undefined : code - 128)),
      reason,
      message,
      startedAt: startTime(terminated),
      finishedAt: timeText(terminated.finishedAt),
      oom: reason === "OOMKilled" ? present({ limit: memoryLimit }) : undefined,
    }),
  };
}

/**
 * Whether the runtime's own word is behind it. The kubelet writes both fields from what the runtime
 * reports; a status it makes up for a container it lost has neither.
 */
export function isProven({ containerID, finishedAt, reason }: RawTerminated): boolean {
  return reason !== statusUnknown && Boolean(containerID ?? finishedAt);
}

/** A container that could not be started says it started at the epoch. */
function startTime({ startedAt }: RawTerminated): string | undefined {
  const text = timeText(startedAt);
  return text?.startsWith("1970-01-01") === true ? undefined : text;
}

/** Linux numbers: 128 + n is how a shell and the runtimes report death by signal n. */
const signals: Readonly<Record<number, string>> = {
  1: "SIGHUP",
  2: "SIGINT",
  3: "SIGQUIT",
  4: "SIGILL",
  6: "SIGABRT",
  7: "SIGBUS",
  8: "SIGFPE",
  9: "SIGKILL",
  11: "SIGSEGV",
  13: "SIGPIPE",
  14: "SIGALRM",
  15: "SIGTERM",
};

function signalOf(number: number | undefined): string | undefined {
  return number === undefined ? undefined : signals[number];
}
