import type { JobRef, JobStore, KnownJob, MergePatch, PatchedJob } from "../../src/index.ts";

export type MemoryJobs = {
  readonly store: JobStore;
  /** What every request throws from now on. */
  fault: Error | undefined;
  /** Every patch is sent twice, and only the second answer comes. */
  repeatPatches: boolean;
  add(job: KnownJob): KnownJob;
  get(job: JobRef): KnownJob | undefined;
  /** Its status changes: a new version, and nothing else. */
  touch(job: JobRef): void;
  change(job: JobRef, changes: Partial<KnownJob>): void;
  remove(job: JobRef): void;
};

/** Jobs by the API server's rules, answered at once. */
export function memoryJobs(): MemoryJobs {
  const all = new Map<string, KnownJob>();
  let version = 0;
  const put = (job: KnownJob): KnownJob => {
    version += 1;
    const stored = { ...job, resourceVersion: String(version) };
    all.set(job.name, stored);
    return stored;
  };
  const asked = (): void => {
    if (jobs.fault !== undefined) throw jobs.fault;
  };
  const patch = ({ name, uid }: JobRef, { metadata }: MergePatch): PatchedJob => {
    const found = all.get(name);
    if (found === undefined) return { kind: "not-found" };
    const given = (metadata ?? {}) as {
      resourceVersion?: string;
      labels?: Record<string, string | null>;
      annotations?: Record<string, string | null>;
    };
    const isOther = uid !== undefined && found.uid !== undefined && uid !== found.uid;
    const isOlder = (given.resourceVersion ?? found.resourceVersion) !== found.resourceVersion;
    if (isOther || isOlder) return { kind: "conflict" };
    const labels = merged(found.labels, given.labels);
    const annotations = merged(found.annotations, given.annotations);
    return { kind: "patched", job: put({ ...found, labels, annotations }) };
  };
  const store: JobStore = {
    async list() {
      asked();
      return [...all.values()];
    },
    async read({ name }) {
      asked();
      return all.get(name);
    },
    async patchJob(ref, body) {
      asked();
      if (jobs.repeatPatches) patch(ref, body);
      return patch(ref, body);
    },
    async deleteJob({ name, uid, resourceVersion }) {
      asked();
      const found = all.get(name);
      if (found === undefined) return { kind: "not-found" };
      const isOther = uid !== undefined && found.uid !== undefined && uid !== found.uid;
      const isOlder = (resourceVersion ?? found.resourceVersion) !== found.resourceVersion;
      if (isOther || isOlder) return { kind: "conflict" };
      all.delete(name);
      return { kind: "accepted" };
    },
    async createJob({ metadata, spec }) {
      asked();
      if (all.has(metadata.name)) return { kind: "exists" };
      const suspended = "suspend" in spec && spec.suspend === true;
      const blank = { suspended, readyPods: 0, terminatingPods: 0, ended: undefined };
      const job = { ...metadata, labels: metadata.labels ?? {}, ...blank };
      const annotations = metadata.annotations ?? {};
      return { kind: "created", job: put({ ...job, annotations, uid: `uid-${version}` }) };
    },
    createSecret: async () => ({ kind: "created" }),
    patchSecret: never,
    deleteSecret: never,
  };
  const jobs: MemoryJobs = {
    store,
    fault: undefined,
    repeatPatches: false,
    add: put,
    get: ({ name }) => all.get(name),
    touch({ name }) {
      const found = all.get(name);
      if (found !== undefined) put(found);
    },
    change({ name }, changes) {
      const found = all.get(name);
      if (found !== undefined) put({ ...found, ...changes });
    },
    remove: ({ name }) => void all.delete(name),
  };
  return jobs;
}

function merged(
  into: Readonly<Record<string, string>>,
  changes: Readonly<Record<string, string | null>> = {},
): Readonly<Record<string, string>> {
  const all = Object.entries({ ...into, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

function never(): Promise<never> {
  return Promise.reject(new Error("not asked for here"));
}
