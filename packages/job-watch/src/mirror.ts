import type { Clock } from "@claude-k8s/kube-http";
import type { RawJob, RawPod } from "./kube-objects.ts";
import type { JobSnapshot, PodSnapshot } from "./snapshot-types.ts";
import { jobSnapshot, podSnapshot } from "./snapshot.ts";
import type { Sink } from "./watch-once.ts";

/** A mirror of the namespace's Jobs (by name) and pods (by uid) as last seen. */
interface Mirror {
  readonly jobs: ReadonlyMap<string, JobSnapshot>;
  /** The pods of a Job's name. */
  podsOf(jobName: string): Iterable<PodSnapshot>;
  /** Both kinds have been read whole since the mirror was made. */
  readonly isWhole: boolean;
  /** Neither kind is known to be out of reach now. */
  readonly isLive: boolean;
  /** Milliseconds since the API server last said anything of pods, if only that there was nothing new. */
  quietMs(): number;
  readonly jobSink: Sink<RawJob, NamedJob>;
  readonly podSink: Sink<RawPod, PodSnapshot>;
}

type MirrorEvents = {
  readonly job: (name: string, job: JobSnapshot) => void;
  readonly pod: (pod: PodSnapshot) => void;
  /** No longer there, or no longer selected: to be confirmed. */
  readonly jobMissing: (name: string, last: JobSnapshot) => void;
  readonly podMissing: (last: PodSnapshot) => void;
  readonly whole: () => void;
  readonly blind: (cause: string) => void;
  readonly sighted: () => void;
};

export function createMirror(tell: MirrorEvents, clock: Clock): Mirror {
  const jobs = new Map<string, JobSnapshot>();
  const pods = new Map<string, PodSnapshot>();
  const byJob = new Map<string, Map<string, PodSnapshot>>();
  const whole = new Set<string>();
  const unseen = new Set<string>();
  let heardAt = clock.now();

  // Until both kinds are known nothing is told: an ended Job without its pod would be half the truth.
  const isWhole = (): boolean => whole.size === 2;

  const sinkOf = <T, K>(kind: string, store: Store<T, K>): Sink<T, K> => ({
    slim: store.slim,
    replace(items) {
      const listed = new Set(items.map(store.change));
      for (const key of store.keys()) if (!listed.has(key)) store.remove(key);
      if (whole.has(kind)) return;
      whole.add(kind);
      if (isWhole()) tell.whole();
    },
    replaceNamed(name, items) {
      for (const key of store.keys()) if (key === name && items.length === 0) store.remove(key);
      for (const item of items) store.change(item);
      if (whole.has(kind)) return;
      whole.add(kind);
      if (isWhole()) tell.whole();
    },
    change: store.change,
    remove(item) {
      store.remove(store.change(item));
    },
    blind(cause) {
      unseen.add(kind);
      tell.blind(cause);
    },
    sighted() {
      unseen.delete(kind);
      if (kind === "pods") heardAt = clock.now();
      if (unseen.size === 0) tell.sighted();
    },
  });

  return {
    jobs,
    quietMs: () => clock.now() - heardAt,
    podsOf: (jobName) => (byJob.get(jobName) ?? new Map<string, PodSnapshot>()).values(),
    get isWhole() {
      return isWhole();
    },
    get isLive() {
      return isWhole() && unseen.size === 0;
    },
    jobSink: sinkOf<RawJob, NamedJob>("jobs", {
      keys: () => [...jobs.keys()],
      slim: (raw) => ({ name: raw.metadata?.name ?? "", job: jobSnapshot(raw) }),
      change({ name, job }) {
        const before = jobs.get(name);
        // The same name with another uid: the former one has gone meanwhile.
        if (before !== undefined && before.uid !== job.uid && isWhole())
          tell.jobMissing(name, before);
        jobs.set(name, job);
        if (isWhole()) tell.job(name, job);
        return name;
      },
      remove(name) {
        const last = jobs.get(name);
        jobs.delete(name);
        if (last !== undefined && isWhole()) tell.jobMissing(name, last);
      },
    }),
    podSink: sinkOf<RawPod, PodSnapshot>("pods", {
      keys: () => [...pods.keys()],
      slim: podSnapshot,
      change(pod) {
        const key = pod.uid ?? pod.name;
        pods.set(key, pod);
        const siblings = byJob.get(pod.jobName ?? "") ?? new Map<string, PodSnapshot>();
        byJob.set(pod.jobName ?? "", siblings.set(key, pod));
        heardAt = clock.now();
        if (isWhole()) tell.pod(pod);
        return key;
      },
      remove(key) {
        const last = pods.get(key);
        pods.delete(key);
        const siblings = byJob.get(last?.jobName ?? "");
        siblings?.delete(key);
        if (siblings?.size === 0) byJob.delete(last?.jobName ?? "");
        if (last !== undefined && isWhole()) tell.podMissing(last);
      },
    }),
  };
}

type NamedJob = { readonly name: string; readonly job: JobSnapshot };

type Store<T, K> = {
  readonly slim: (raw: T) => K;
  readonly keys: () => readonly string[];
  /** Keeps it, tells of it, returns its key. */
  readonly change: (item: K) => string;
  readonly remove: (key: string) => void;
};
