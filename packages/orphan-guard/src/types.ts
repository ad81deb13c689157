import type { GuardClock } from "./clock.ts";

/** Where a Job is. With a uid, a later Job that took the same name is not meant. */
export type JobRef = {
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string | undefined;
};

export type SecretRef = { readonly namespace: string; readonly name: string };

/**
 * What is known of a Job. A missing member is unknown: an answer of a client may have no body, and what
 * it does not say is never taken for another Job.
 */
export type KnownJob = {
  readonly name: string;
  readonly namespace: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  /** RFC 3339. Set: the Job is on its way out. */
  readonly deletionTimestamp?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** `spec.suspend`. */
  readonly suspended: boolean;
  /** `status.ready`: pods that run and are ready. */
  readonly readyPods: number;
  /** `status.terminating`: pods on their way out, whose programs may still run. Servers before 1.28 do not say. */
  readonly terminatingPods: number;
  /** A condition `Complete` or `Failed` that is `True`. */
  readonly ended: "complete" | "failed" | undefined;
  /** RFC 3339; when that condition became so. */
  readonly endedAt?: string;
};

/** A manifest of `@claude-k8s/k8s-job-manifest`, or any other with a name and a namespace. */
export type Manifest = {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
};

export type JobManifestLike = Manifest & { readonly spec: object };

/** An RFC 7386 merge patch: `null` removes. A `metadata.resourceVersion` in it makes the write conditional. */
export type MergePatch = { readonly metadata?: object; readonly [field: string]: unknown };

export type JobQuery = {
  readonly namespace: string;
  readonly labelSelector: string;
  readonly signal: AbortSignal;
};

export type CreatedJob =
  | { readonly kind: "created"; readonly job: KnownJob }
  /** The name is taken, or another writer was faster; `message` as the server says it. */
  | { readonly kind: "exists"; readonly message?: string };
export type CreatedSecret = { readonly kind: "created" } | { readonly kind: "exists" };
export type PatchedJob =
  | { readonly kind: "patched"; readonly job: KnownJob }
  | { readonly kind: "conflict" }
  | { readonly kind: "not-found" };
export type PatchedSecret =
  | { readonly kind: "patched" }
  | { readonly kind: "conflict" }
  | { readonly kind: "not-found" };
/** `accepted`: the request was; the object may live on until its pods and finalizers are gone. */
export type Deleted =
  | { readonly kind: "accepted" }
  | { readonly kind: "not-found" }
  /** A precondition did not hold: another uid, or another resourceVersion. */
  | { readonly kind: "conflict" };

/**
 * Jobs and Secrets as this package needs them. Bindings: `kubeJobStore` and `apiJobStore`. A refusal that
 * is no answer to the question (403, 422, a namespace that does not exist) and a failed request are thrown.
 */
export interface JobStore {
  list(query: JobQuery): Promise<readonly KnownJob[]>;
  read(job: JobRef, signal: AbortSignal): Promise<KnownJob | undefined>;
  createJob(job: JobManifestLike, signal: AbortSignal): Promise<CreatedJob>;
  createSecret(secret: Manifest, signal: AbortSignal): Promise<CreatedSecret>;
  /** With a uid in the reference, a Job of another uid answers `conflict`. */
  patchJob(job: JobRef, patch: MergePatch, signal: AbortSignal): Promise<PatchedJob>;
  patchSecret(secret: SecretRef, patch: MergePatch, signal: AbortSignal): Promise<PatchedSecret>;
  /** In the foreground: the name stays taken until the pods are gone. */
  deleteJob(
    job: JobRef & { readonly resourceVersion?: string | undefined },
    signal: AbortSignal,
  ): Promise<Deleted>;
  deleteSecret(secret: SecretRef, signal: AbortSignal): Promise<Deleted>;
}

/** A run that wants to start. Ids are raw: as the host has them, not as labels hold them. */
export type Claim = {
  /** What only one run at a time may hold; Jobs carry it in the annotation `claude-k8s/guard-key`. */
  readonly guardKey: string;
  /**
   * `agent`: every active Job of the agent counts. `task`: only Jobs of this guard key, and Jobs without
   * a guard key whose task is this one or unknown. Default `agent`.
   */
  readonly guardScope?: "agent" | "task";
  readonly agentId: string;
  readonly runId: string;
  readonly taskId?: string | undefined;
  readonly sessionId?: string | undefined;
  /** The run that this one repeats; of several that have ended, its Job is collected. */
  readonly retryOfRunId?: string | undefined;
  /**
   * Finished Jobs of the agent stay in the cluster on purpose. One that carries no annotation of this package
   * then counts as read, unless this run repeats its run. Default false.
   */
  readonly keepsFinished?: boolean;
  readonly allowReattach: boolean;
};

/**
 * - `same-run-active`: a Job of this very run is active.
 * - `concurrent`: a live process follows an active Job: another run, not an orphan.
 * - `being-stopped`: a stop was asked for and is not over, or a Job is being deleted whose pod still runs.
 * - `reattach-disabled`: an active Job could be adopted, but `allowReattach` is false.
 * - `task-unknown`: the claim or the Job does not say which task it is for.
 * - `other-task`, `other-session`: the Job works for another one.
 * - `several-active`: more than one Job matches; adopting one would leave the others beside it.
 * - `other-namespace`: a Job of this claim is active, or not yet stopped, in a namespace it was to be looked for in.
 * - `supervision-unknown`: the Job could be adopted, and whether somebody follows it shows only with time.
 */
export type BlockReason =
  | "same-run-active"
  | "concurrent"
  | "being-stopped"
  | "reattach-disabled"
  | "task-unknown"
  | "other-task"
  | "other-session"
  | "several-active"
  | "other-namespace"
  | "supervision-unknown";

export type Admission =
  | { readonly kind: "clear" }
  /** `pending`: no pod of it is known to be running. `finished`: it has ended, and nobody has read its result. */
  | {
      readonly kind: "reattach";
      readonly job: KnownJob;
      readonly state: "running" | "pending" | "finished";
    }
  /** `jobs`: those the reason speaks of, newest first. */
  | { readonly kind: "blocked"; readonly reason: BlockReason; readonly jobs: readonly KnownJob[] };

export type CreateRunOptions = {
  readonly store: JobStore;
  /** As built; created suspended, whatever it says itself. */
  readonly job: JobManifestLike;
  /** Without owner: the Job becomes it. */
  readonly secrets: readonly Manifest[];
  /** A nonce of this attempt, by which a Job whose creation was not answered is known to be ours. */
  readonly createId: string;
  /** For the annotation `claude-k8s/resumed-at`. Default: the real time. */
  readonly now?: () => Date;
  /** Limit for removing what a failed creation left behind, in ms. Default 10,000. */
  readonly cleanUpMs?: number;
  readonly clock?: GuardClock;
  /** Told what a failed creation could not remove, such as `Job x`, and why. */
  readonly onLeft?: (what: string, cause: unknown) => void;
  readonly signal: AbortSignal;
};

export type RunCreation =
  /** Runs. `unownedSecrets`: names that no owner's deletion will remove; the caller must. Usually none. */
  | { readonly kind: "created"; readonly job: KnownJob; readonly unownedSecrets: readonly string[] }
  /** The name is taken by a Job that is not of this attempt: adopt it, wait or give up. Nothing was made. */
  | { readonly kind: "exists"; readonly job: KnownJob }
  /** Someone deleted the Job before it was let go. Nothing ran. */
  | { readonly kind: "removed" };
