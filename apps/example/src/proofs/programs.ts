import { setTimeout as sleep } from "node:timers/promises";
import type { KubeHttp } from "@claude-k8s/kube-http";
import type { Program } from "@claude-k8s/kubernetes-emulator";

/** How many programs of one agent ran, and how many of them at once. */
export interface Programs {
  readonly started: number;
  /** The most at one moment. */
  readonly most: number;
}

/** Counts exactly, from inside of the container. */
export function counted(program: Program): {
  readonly program: Program;
  readonly programs: Programs;
} {
  const programs = { started: 0, most: 0 };
  let running = 0;
  return {
    programs,
    async program(context) {
      programs.started += 1;
      running += 1;
      programs.most = Math.max(programs.most, running);
      try {
        return await program(context);
      } finally {
        running -= 1;
      }
    },
  };
}

/** Between two looks. A program that is deleted stands in its pod's status for longer. */
const everyMs = 100;

interface Pod {
  readonly metadata: { readonly uid: string };
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
  const programs = { started: 0, most: 0 };
  const seen = new Set<string>();
  const work = async (): Promise<void> => {
    while (!signal.aborted) {
      const answer = await http.request<{ readonly items: readonly Pod[] }>({
        method: "GET",
        path: `/api/v1/namespaces/${namespace}/pods`,
        signal,
      });
      const pods = answer.kind === "ok" ? answer.body.items : [];
      const states = pods.flatMap(({ metadata, status }) =>
        (status.containerStatuses ?? []).map(({ state }) => ({ uid: metadata.uid, ...state })),
      );
      for (const { uid, running, terminated } of states)
        if (running !== undefined || terminated !== undefined) seen.add(uid);
      programs.started = seen.size;
      const now = states.filter(({ running }) => running !== undefined).length;
      programs.most = Math.max(programs.most, now);
      await sleep(everyMs, undefined, { signal });
    }
  };
  const ended = work().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return { programs, ended };
}
