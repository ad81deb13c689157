import { setTimeout as sleep } from "node:timers/promises";
import type { PaperclipApi } from "./api.ts";

/** A run as the server tells of it. */
export interface HeartbeatRun {
  readonly id: string;
  readonly status: string;
  readonly error?: string | null;
  readonly errorCode?: string | null;
  readonly exitCode?: number | null;
  readonly sessionIdAfter?: string | null;
  readonly usageJson?: Readonly<Record<string, unknown>> | null;
  readonly resultJson?: Readonly<Record<string, unknown>> | null;
}

const lookEveryMs = 200;

/** Has the agent do one turn, as the button of its page does. */
export function invoke(api: PaperclipApi, agentId: string): Promise<HeartbeatRun> {
  return api.post(`/agents/${agentId}/heartbeat/invoke`);
}

/** Looks at the run until it satisfies; the last look after so long. */
export async function runThat(
  api: PaperclipApi,
  runId: string,
  isIt: (run: HeartbeatRun) => boolean | Promise<boolean>,
  withinMs = 90_000,
): Promise<HeartbeatRun> {
  const until = performance.now() + withinMs;
  for (;;) {
    const run = await api.get<HeartbeatRun>(`/heartbeat-runs/${runId}`);
    if ((await isIt(run)) || performance.now() > until) return run;
    await sleep(lookEveryMs);
  }
}

export function isOver({ status }: HeartbeatRun): boolean {
  return !["queued", "running", "scheduled"].includes(status);
}

/** What the run has written, as the server keeps it: stdout alone. Nothing while there is no log. */
export async function outputOf(api: PaperclipApi, runId: string): Promise<string> {
  const { status, body } = await api.tryGet<{ content: string }>(
    `/heartbeat-runs/${runId}/log?offset=0&limitBytes=1000000`,
  );
  if (status === 404) return "";
  if (status !== 200) throw new Error(`the log of the run ${runId}: ${status}`);
  return body.content
    .split("\n")
    .filter((line) => line !== "")
    .map((line): { stream: string; chunk: string } => JSON.parse(line))
    .filter(({ stream }) => stream === "stdout")
    .map(({ chunk }) => chunk)
    .join("");
}
