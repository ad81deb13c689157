import type {
  JobManifestLike,
  JobStore,
  KnownJob,
  KnownLease,
  LeaseStore,
  MergePatch,
} from "../../src/index.ts";
import { annotations } from "../../src/index.ts";
import type { Random } from "./random.ts";
import type { Process, World } from "./world.ts";

type StoredJob = { -readonly [K in keyof KnownJob]: KnownJob[K] } & {
  uid: string;
  resourceVersion: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  pod: "none" | "running" | "over";
};
type StoredLease = KnownLease & { readonly renewed: number };

/** In the background the object goes at once, and the name is free while the pod still runs. */
export type Deletion = "foreground" | "background";

/** Jobs, Secrets and Leases by the API server's rules, with a Job controller and pods, in virtual time. */
export class MemoryCluster {
  readonly jobs: Map<string, StoredJob> = new Map();
  readonly secrets: Map<string, { readonly owner: string | undefined }> = new Map();
  readonly leases: Map<string, StoredLease> = new Map();
  /** What went against the promises. */
  readonly wrong: string[] = [];
  /** Uids of Jobs whose program ran. */
  readonly ran: Set<string> = new Set();
  readonly #world: World;
  readonly #random: Random;
  readonly #running: Set<StoredJob> = new Set();
  #version = 0;
  #uid = 0;

  readonly #deletes: Deletion;

  constructor(world: World, random: Random, deletes: Deletion) {
    this.#deletes = deletes;
    this.#world = world;
    this.#random = random;
  }

  jobStore(process: Process): JobStore {
    const call = <T>(label: string, work: () => T): Promise<T> =>
      this.#world.call(process, label, work);
    return {
      list: () => call("list", () => [...this.jobs.values()].map(shown)),
      read: ({ name }) => call(`read ${name}`, () => shownOr(this.jobs.get(name))),
      createJob: (job) =>
        call(`create ${job.metadata.name}`, () =>
          this.jobs.has(job.metadata.name)
            ? ({ kind: "exists" } as const)
            : ({ kind: "created", job: shown(this.add(job)) } as const),
        ),
      createSecret: (secret) =>
        call(`create Secret ${secret.metadata.name}`, () => {
          if (this.secrets.has(secret.metadata.name)) return { kind: "exists" } as const;
          const { ownerReferences } = secret.metadata as {
            ownerReferences?: readonly { uid: string }[];
          };
          const owner = ownerReferences?.[0]?.uid;
          // An owner that is gone: the garbage collector removes it at once.
          const isOwned = [...this.jobs.values()].some(({ uid }) => uid === owner);
          if (owner === undefined || isOwned) this.secrets.set(secret.metadata.name, { owner });
          return { kind: "created" } as const;
        }),
      patchJob: (ref, patch) =>
        call(`patch ${ref.name} ${JSON.stringify(patch)}`, () => this.#patch(ref, patch)),
      patchSecret: () => call("patch Secret", () => ({ kind: "not-found" }) as const),
      deleteJob: (ref) => call(`delete ${ref.name}`, () => this.#delete(ref)),
      deleteSecret: ({ name }) =>
        call(`delete Secret ${name}`, () =>
          this.secrets.delete(name)
            ? ({ kind: "accepted" } as const)
            : ({ kind: "not-found" } as const),
        ),
    };
  }

  leaseStore(process: Process): LeaseStore {
    const call = <T>(label: string, work: () => T): Promise<T> =>
      this.#world.call(process, label, work);
    const write = (identity: string, durationMs: number): KnownLease => {
      const renewed = (this.leases.get(identity)?.renewed ?? 0) + 1;
      const resourceVersion = this.#next();
      const lease = {
        name: identity,
        identity,
        durationMs,
        resourceVersion,
        stamp: `${renewed}`,
        renewed,
      };
      this.leases.set(identity, lease);
      return lease;
    };
    return {
      list: () => call("list Leases", () => [...this.leases.values()]),
      create: (identity, durationMs) =>
        call("create Lease", () =>
          this.leases.has(identity)
            ? ({ kind: "exists" } as const)
            : ({ kind: "created", lease: write(identity, durationMs) } as const),
        ),
      renew: (lease) =>
        call("renew Lease", () => {
          const stored = this.leases.get(lease.name);
          if (stored === undefined) return { kind: "not-found" } as const;
          if (stored.resourceVersion !== lease.resourceVersion)
            return { kind: "conflict" } as const;
          return { kind: "renewed", lease: write(lease.identity, lease.durationMs) } as const;
        }),
      delete: ({ name }) => call("delete Lease", () => void this.leases.delete(name)),
    };
  }

  add({ metadata, spec }: JobManifestLike): StoredJob {
    this.#uid += 1;
    const job: StoredJob = {
      name: metadata.name,
      namespace: metadata.namespace,
      uid: `uid-${this.#uid}`,
      resourceVersion: this.#next(),
      creationTimestamp: new Date(this.#world.now).toISOString(),
      labels: { ...metadata.labels },
      annotations: { ...metadata.annotations },
      suspended: (spec as { suspend?: boolean }).suspend === true,
      readyPods: 0,
      terminatingPods: 0,
      ended: undefined,
      pod: "none",
    };
    this.jobs.set(job.name, job);
    this.#control(job);
    return job;
  }

  /** The Job controller and the kubelet: a Job that is let go runs, and ends some time. */
  #control(job: StoredJob): void {
    if (job.suspended || job.deletionTimestamp !== undefined || job.pod !== "none") return;
    this.#world.after(this.#random.whole(0, 2_000), () => {
      if (job.suspended || job.deletionTimestamp !== undefined || job.pod !== "none") return;
      const key = job.annotations[annotations.guardKey];
      const beside = [...this.#running].filter(
        (other) => other.annotations[annotations.guardKey] === key,
      );
      if (beside.length > 0)
        this.wrong.push(
          `${job.name} ${job.uid} runs beside ${beside.map(({ uid }) => uid).join()}`,
        );
      job.pod = "running";
      this.#running.add(job);
      job.readyPods = 1;
      this.ran.add(job.uid);
      this.#touch(job);
      this.#world.after(this.#random.whole(1, 120_000), () => this.#end(job));
    });
  }

  #end(job: StoredJob): void {
    if (job.pod !== "running") return;
    job.pod = "over";
    this.#running.delete(job);
    job.readyPods = 0;
    if (job.deletionTimestamp === undefined) {
      job.ended = "complete";
      job.endedAt = new Date(this.#world.now).toISOString();
    }
    this.#touch(job);
    this.#collect(job);
  }

  /** In the foreground: the object goes after its pods. */
  #collect(job: StoredJob): void {
    if (job.deletionTimestamp === undefined || job.pod === "running") return;
    if (this.jobs.get(job.name) !== job) return;
    this.jobs.delete(job.name);
    for (const [name, { owner }] of this.secrets) if (owner === job.uid) this.secrets.delete(name);
  }

  #delete(ref: { name: string; uid?: string | undefined; resourceVersion?: string | undefined }) {
    const job = this.jobs.get(ref.name);
    if (job === undefined) return { kind: "not-found" } as const;
    if (ref.uid !== undefined && ref.uid !== job.uid) return { kind: "conflict" } as const;
    if (ref.resourceVersion !== undefined && ref.resourceVersion !== job.resourceVersion)
      return { kind: "conflict" } as const;
    if (job.deletionTimestamp === undefined) {
      job.deletionTimestamp = new Date(this.#world.now).toISOString();
      this.#touch(job);
      if (this.#deletes === "background") this.jobs.delete(job.name);
      const graceMs = this.#random.whole(0, 10_000);
      this.#world.after(graceMs, () =>
        job.pod === "running" ? this.#end(job) : this.#collect(job),
      );
    }
    return { kind: "accepted" } as const;
  }

  #patch(ref: { name: string; uid?: string | undefined }, patch: MergePatch) {
    const job = this.jobs.get(ref.name);
    if (job === undefined) return { kind: "not-found" } as const;
    const metadata = (patch.metadata ?? {}) as {
      resourceVersion?: string;
      labels?: Record<string, string | null>;
      annotations?: Record<string, string | null>;
    };
    const isOther = ref.uid !== undefined && ref.uid !== job.uid;
    const isOlder = (metadata.resourceVersion ?? job.resourceVersion) !== job.resourceVersion;
    if (isOther || isOlder) return { kind: "conflict" } as const;
    merge(job.labels, metadata.labels);
    merge(job.annotations, metadata.annotations);
    const suspend = (patch["spec"] as { suspend?: boolean } | undefined)?.suspend;
    if (suspend !== undefined) job.suspended = suspend;
    this.#touch(job);
    this.#control(job);
    return { kind: "patched", job: shown(job) } as const;
  }

  #touch(job: StoredJob): void {
    job.resourceVersion = this.#next();
  }

  #next(): string {
    this.#version += 1;
    return String(this.#version);
  }
}

function merge(into: Record<string, string>, changes: Record<string, string | null> = {}): void {
  for (const [key, value] of Object.entries(changes))
    if (value === null) delete into[key];
    else into[key] = value;
}

function shown(job: StoredJob): KnownJob {
  return { ...job, labels: { ...job.labels }, annotations: { ...job.annotations } };
}

function shownOr(job: StoredJob | undefined): KnownJob | undefined {
  return job === undefined ? undefined : shown(job);
}
