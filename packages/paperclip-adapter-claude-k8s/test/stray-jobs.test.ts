// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { Program } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";
import { cluster } from "./support/cluster.ts";
import { fakeHost, type FakeHostOptions } from "./support/fake-host.ts";
import { serverProcess } from "./support/process.ts";
import { kubernetesOf } from "./support/result.ts";
import { type StrayJob, strayJob } from "./support/stray-job.ts";
import { healthy } from "./support/transcript.ts";

const works: Program = async ({ stdout, sleep }) => {
  stdout.write(`${healthy[0]}\n`);
  await sleep(60_000);
  return 143;
};

interface StrayRow {
  readonly when: string;
  readonly job: StrayJob;
  readonly options?: FakeHostOptions;
  readonly code: string;
  readonly says: RegExp;
  /** Its program has not run, as far as this run knows. */
  readonly nothingRan: boolean;
  readonly cause?: string;
}

const rows: StrayRow[] = [
  {
    when: "has no task",
    job: {},
    code: "k8s_orphan_task_unknown",
    says: /the task of one of them is not known: Job stray; to free it: claude-k8s adopt stray/,
    nothingRan: true,
  },
  {
    when: "works on another task",
    job: { taskId: "task-2" },
    code: "k8s_concurrent_run_blocked",
    says: /different task: Job stray/,
    nothingRan: true,
  },
  {
    when: "is of another session",
    job: { taskId: "task-1", sessionId: "s-2" },
    options: { runtime: { sessionId: "s-1" } },
    code: "k8s_orphan_session_mismatch",
    says: /mismatched session: Job stray/,
    nothingRan: true,
  },
  {
    when: "may not be adopted",
    job: { taskId: "task-1" },
    options: { config: { reattachOrphanedJobs: false } },
    code: "k8s_concurrent_run_blocked",
    says: /reattach disabled: Job stray/,
    nothingRan: true,
  },
  {
    when: "has no pod",
    job: { taskId: "task-1", spec: { managedBy: "example.com/nobody" } },
    code: "k8s_pod_reattach_failed",
    says: /The Job stray left behind has no pod/,
    nothingRan: true,
  },
  {
    when: "passes its own time limit",
    job: { taskId: "task-1", spec: { activeDeadlineSeconds: 2 } },
    code: "timeout",
    says: /activeDeadlineSeconds/,
    nothingRan: false,
    cause: "job-limit",
  },
];

test.concurrent.each(rows.map((row) => [row.when, row] as const))(
  "a Job left behind that %s",
  { timeout: 30_000 },
  async (_when, { job, options, code, says, nothingRan, cause }) => {
    await using emulator = await cluster(works);
    await strayJob(emulator, job);
    // A process of its own: the emulators number their objects alike.
    const result = await serverProcess(emulator).execute(fakeHost(options).context);
    expect([result.errorCode, result.errorMessage]).toEqual([code, expect.stringMatching(says)]);
    expect(result.timedOut).toBe(code === "timeout");
    expect(kubernetesOf(result)["cause"] ?? undefined).toBe(cause);
    const bootstrap = { kind: "bootstrap", providerWorkStarted: false };
    expect(result.executionRecovery).toEqual(nothingRan ? bootstrap : undefined);
  },
);
