import { realClock } from "@claude-k8s/kube-http";
import {
  type JobStore,
  type LeaseStore,
  type Supervisor,
  sweep,
  type SweptItem,
} from "@claude-k8s/orphan-guard";
import type { FollowedJobs } from "../run/followed-jobs.ts";
import { withLimit } from "../run/with-limit.ts";
import { textOf } from "../untyped.ts";
import { labelSelector } from "./marks.ts";

export interface SweepParts {
  readonly store: JobStore;
  readonly leases: LeaseStore;
  readonly supervisor: Supervisor;
  readonly namespace: string;
  readonly followed: FollowedJobs;
}

const everyMs = 600_000;
/** The first sweep sees every Lease for the first time; by the second it shows who lives. */
const secondMs = 40_000;
const limitMs = 60_000;

/**
 * Sweeps at once, then as soon as Leases tell who lives, then every ten minutes, until it is stopped. Keeps no
 * process alive.
 * @param tell told what was removed, what waits for a run, and why a sweep failed; each once
 */
export function sweepRegularly(
  { followed, supervisor, ...parts }: SweepParts,
  tell: (text: string) => void,
): { readonly stop: () => void } {
  const told = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const once = async (): Promise<void> => {
    const { items } = await withLimit(limitMs, (signal) =>
      sweep({
        ...parts,
        supervisor,
        labelSelector,
        isSupervised: (job) => followed.has(job) || supervisor.isSupervised(job),
        signal,
      }),
    );
    const texts = new Set(items.flatMap((item) => textsOf(item)));
    for (const text of texts) if (!told.has(text)) tell(text);
    // What is told again later is new then.
    told.clear();
    for (const text of texts) told.add(text);
  };
  const startedAt = realClock.now();
  const again = async (): Promise<void> => {
    try {
      await once();
    } catch (error) {
      const text = `Jobs left behind could not be looked for: ${textOf(error)}`;
      if (!told.has(text) && !isStopped) tell(text);
      told.add(text);
    }
    if (isStopped) return;
    const untilSecond = startedAt + secondMs - realClock.now();
    timer = globalThis.setTimeout(() => void again(), untilSecond > 0 ? untilSecond : everyMs);
    timer.unref();
  };
  void again();
  return {
    stop() {
      isStopped = true;
      globalThis.clearTimeout(timer);
    },
  };
}

/** What people should know of an item; most are as they should be. */
function textsOf({ kind, name, action, reason, outcome, problem }: SweptItem): string[] {
  const what = `${kind} ${name} (${reason})`;
  if (action === "report")
    return reason === "running"
      ? [`the ${kind} ${name} runs and nobody follows it; the next run of its task does`]
      : [`the result of the ${kind} ${name} was not read yet; the next run of its task does`];
  if (action === "leave" || kind === "Lease") return [];
  if (outcome === "deleted") return [`the ${what}, which nobody comes back for, was deleted`];
  return outcome === "failed" ? [`the ${what} could not be deleted: ${problem}`] : [];
}
