import type { Clock } from "@claude-k8s/kube-http";
import type { StopReason } from "../cancel/stop-reason.ts";
import type { JobRun } from "./job-run.ts";

export interface IdleLimit {
  arm(): void;
  output(): void;
  disarm(): void;
}

/**
 * A running program that writes nothing. Long tools and a provider that hangs look the same from here, so by
 * default this only says so, once for each silence. What the log's connection does not bring is no silence of
 * the program: while there is none, nothing is counted.
 */
export function idleLimit(
  { settings, seen, sink, job }: JobRun,
  pass: (reason: StopReason) => void,
  clock: Clock,
): IdleLimit {
  const limitMs = settings.idleSec * 1_000;
  let lastAt = 0;
  let isTold = false;
  let cancel: (() => void) | undefined;
  const wait = (ms: number): void => {
    cancel = clock.after(ms, look);
  };
  const look = (): void => {
    const left = lastAt + limitMs - clock.now();
    if (left > 0) return wait(left);
    if (!seen.isListening) return wait(limitMs);
    if (settings.idleAction === "stop") return pass({ kind: "deadline", limit: "idle", limitMs });
    if (!isTold) void tell();
    isTold = true;
    wait(limitMs);
  };
  const tell = async (): Promise<void> => {
    const text = `Claude has written nothing for ${settings.idleSec} s; it runs on`;
    seen.history.problem(text);
    await sink.note(`${job.name}: ${text}`);
    await sink.event("claude_k8s.limit", text, { limit: "idle", seconds: settings.idleSec });
  };
  return {
    arm() {
      if (limitMs === 0 || cancel !== undefined) return;
      lastAt = clock.now();
      wait(limitMs);
    },
    output() {
      lastAt = clock.now();
      isTold = false;
    },
    disarm: () => cancel?.(),
  };
}
