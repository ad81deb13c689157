import { setTimeout as sleep } from "node:timers/promises";
import type { KubeHttp } from "@claude-k8s/kube-http";
import type { Program } from "@claude-k8s/kubernetes-emulator";

/** How many programs ran in the pods of Jobs of one name. */
export interface ProgramsOfJob {
  readonly started: number;
  /** The most at one moment. */
  readonly most: number;
}

/** What is seen of the programs of a namespace. */
export interface Programs {
  /** Of all Jobs. */
  readonly started: number;
  /** The most at one moment that Jobs of one name had. */
  readonly most: number;
  /** Jobs of one name come after each other; they count as one. */
  readonly of: (jobName: string) => ProgramsOfJob;
}

interface Tally {
  readonly programs: Programs;
  /** To be written. */
  readonly of: (jobName: string) => { started: number; most: number };
}

function tally(): Tally {
  const jobs = new Map<string, { started: number; most: number }>();
  const of = (jobName: string): { started: number; most: number } => {
    const job = jobs.get(jobName) ?? { started: 0, most: 0 };
    jobs.set(jobName, job);
    return job;
  };
  const programs: Programs = {
    get started() {
      return [...jobs.values()].reduce((sum, { started }) => sum + started, 0);
    },
    get most() {
      return Math.max(0, ...[...jobs.values()].map(({ most }) => most));
    },
    of,
  };
  return { programs, of };
}

/** A pod's name is its Job's with a word behind it. */
function jobNameOf(podName: string): string {
  return podName.replace(/-[a-z0-9]{5}$/u, "");
}

/** Counts exactly, from inside of the container. */
export function counted(program: Program): {
  readonly program: Program;
  readonly programs: Programs;
} {
  const { programs, of } = tally();
  const running = new Map<string, number>();
  const add = (jobName: string, more: 1 | -1): number => {
    const now = (running.get(jobName) ?? 0) + more;
    running.set(jobName, now);
    return now;
  };
  return {
    programs,
    async program(context) {
      const jobName = jobNameOf(context.pod.name);
      const job = of(jobName);
      job.started += 1;
      job.most = Math.max(job.most, add(jobName, 1));
      try {
        return await program(context);
      } finally {
        add(jobName, -1);
      }
    },
  };
}

/** Between two looks. A program that is deleted stands in its pod's status for longer. */
const everyMs = 100;

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly state: { readonly running?: object; readonly terminated?: object };
    }[];
  };
}

/** Counts from the pods of a namespace, as often as it can, until the signal. */
export function watched(
  http: KubeHttp,
  namespace: string,
  signal: AbortSignal,
): { readonly programs: Programs; readonly ended: Promise<void> } {
  const { programs, of } = tally();
  const seen = new Set<string>();
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const answer = await http.request<{ readonly items: readonly Pod[] }>({
        method: "GET",
        path: `/api/v1/namespaces/${namespace}/pods`,
        signal,
      });
      const pods = answer.kind === "ok" ? answer.body.items : [];
      const running = new Map<string, number>();
      for (const { metadata, status } of pods) {
        const name = jobNameOf(metadata.name);
        const job = of(name);
        for (const { state } of status.containerStatuses ?? []) {
          const hasRun = state.running !== undefined || state.terminated !== undefined;
          if (hasRun && !seen.has(metadata.uid)) job.started += 1;
          if (hasRun) seen.add(metadata.uid);
          if (state.running !== undefined) running.set(name, (running.get(name) ?? 0) + 1);
        }
        job.most = Math.max(job.most, running.get(name) ?? 0);
      }
      await sleep(everyMs, undefined, { signal });
    }
  };
  const ended = work().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { programs, ended };
}
