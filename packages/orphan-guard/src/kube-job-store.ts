import { OrphanGuardError } from "./errors.ts";
import { type JobLike, knownJob } from "./known-job.ts";
import type { Deleted, JobRef, JobStore, MergePatch, SecretRef } from "./types.ts";

/** The part of kube-http's `KubeHttp` that is used here. */
export interface KubeHttpLike {
  request<T>(request: {
    readonly method: "GET" | "POST" | "PATCH" | "DELETE";
    readonly path: string;
    readonly query?: Readonly<Record<string, string | undefined>>;
    readonly body?: unknown;
    readonly contentType?: string;
    readonly repeatable?: boolean;
    /** Goes before requests that wait for their turn, where the connection lets them take turns. */
    readonly urgent?: boolean;
    readonly signal: AbortSignal;
  }): Promise<Answer<T>>;
}

type Status = { readonly reason?: string; readonly message?: string };
type Refusal =
  | { readonly kind: "conflict"; readonly status: Status }
  | { readonly kind: "not-found" | "gone" | "invalid"; readonly status?: Status };
type Answer<T> = { readonly kind: "ok"; readonly body: T } | Refusal;

/** Jobs and Secrets by plain requests. Faults of the connection pass through as kube-http's errors. */
export function kubeJobStore(http: KubeHttpLike): JobStore {
  return {
    async list({ namespace, labelSelector, signal }) {
      const answer = await http.request<{ readonly items: readonly JobLike[] }>({
        method: "GET",
        path: jobsPath(namespace),
        query: { labelSelector },
        signal,
      });
      if (answer.kind !== "ok") throw refused(`list Jobs in ${namespace}`, answer);
      return answer.body.items.map((job) => knownJob(job, { namespace, name: "" }));
    },

    async read(job, signal) {
      const answer = await http.request<JobLike>({ method: "GET", path: jobPath(job), signal });
      if (answer.kind === "not-found") return undefined;
      if (answer.kind !== "ok") throw refused(`read Job ${placed(job)}`, answer);
      return knownJob(answer.body, job);
    },

    async createJob(job, signal) {
      const path = jobsPath(job.metadata.namespace);
      const answer = await http.request<JobLike>({ method: "POST", path, body: job, signal });
      if (answer.kind === "ok")
        return { kind: "created", job: knownJob(answer.body, job.metadata) };
      if (isTaken(answer)) return { kind: "exists" };
      // Another writer was faster, to a quota for one: the name is free when read, and claimed again.
      if (answer.kind === "conflict") return { kind: "exists", message: why(answer) };
      throw refused(`create Job ${placed(job.metadata)}`, answer);
    },

    async createSecret(secret, signal) {
      const path = secretsPath(secret.metadata.namespace);
      const answer = await http.request({ method: "POST", path, body: secret, signal });
      if (answer.kind === "ok") return { kind: "created" };
      if (isTaken(answer)) return { kind: "exists" };
      throw refused(`create Secret ${placed(secret.metadata)}`, answer);
    },

    async patchJob(job, patch, signal) {
      const body = job.uid === undefined ? patch : withUid(patch, job.uid);
      const answer = await http.request<JobLike>({ ...merge(jobPath(job), body), signal });
      if (answer.kind === "ok") return { kind: "patched", job: knownJob(answer.body, job) };
      if (answer.kind === "not-found" || answer.kind === "conflict") return { kind: answer.kind };
      if (isOtherUid(answer.status?.message)) return { kind: "conflict" };
      throw refused(`patch Job ${placed(job)}`, answer);
    },

    async patchSecret(secret, patch, signal) {
      const answer = await http.request({ ...merge(secretPath(secret), patch), signal });
      if (answer.kind === "ok") return { kind: "patched" };
      if (answer.kind === "not-found" || answer.kind === "conflict") return { kind: answer.kind };
      throw refused(`patch Secret ${placed(secret)}`, answer);
    },

    deleteJob: async ({ resourceVersion, ...job }, signal) =>
      deleted(
        `delete Job ${placed(job)}`,
        await http.request({
          method: "DELETE",
          path: jobPath(job),
          body: foreground({ uid: job.uid, resourceVersion }),
          // Without a uid, a repeated delete could hit a later Job of the same name.
          repeatable: job.uid !== undefined,
          signal,
        }),
      ),

    deleteSecret: async (secret, signal) =>
      deleted(
        `delete Secret ${placed(secret)}`,
        await http.request({ method: "DELETE", path: secretPath(secret), signal }),
      ),
  };
}

/** A DELETE's body. Preconditions given as query parameters are ignored by the API server. */
export function foreground(preconditions: {
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
}): Record<string, unknown> {
  const given = Object.entries(preconditions).filter(([, value]) => value !== undefined);
  return {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: "Foreground",
    ...(given.length === 0 ? {} : { preconditions: Object.fromEntries(given) }),
  };
}

/** A patch that names another uid than the object has changes nothing. See `isOtherUid`. */
export function withUid(patch: MergePatch, uid: string): MergePatch {
  return { ...patch, metadata: { ...patch.metadata, uid } };
}

/**
 * The API server calls a patch of another uid invalid (422, "metadata.uid: … field is immutable"), not a
 * conflict; seen on 1.35.
 */
export function isOtherUid(message: string | undefined): boolean {
  return message?.includes("metadata.uid: Invalid value") === true;
}

// Merge patches say what shall be, so sending one twice does no harm.
function merge(path: string, body: MergePatch) {
  const contentType = "application/merge-patch+json";
  return { method: "PATCH", path, body, contentType, repeatable: true } as const;
}

function deleted(doing: string, answer: Answer<unknown>): Deleted {
  if (answer.kind === "ok") return { kind: "accepted" };
  if (answer.kind === "not-found" || answer.kind === "conflict") return { kind: answer.kind };
  throw refused(doing, answer);
}

function isTaken(answer: Refusal): boolean {
  return answer.kind === "conflict" && answer.status.reason === "AlreadyExists";
}

function refused(doing: string, refusal: Refusal): OrphanGuardError {
  return new OrphanGuardError("ORPHAN_GUARD_REFUSED", `cannot ${doing}: ${why(refusal)}`);
}

function why({ kind, status }: Refusal): string {
  return status?.message ?? status?.reason ?? kind;
}

function placed({ namespace, name }: SecretRef): string {
  return `${name} in ${namespace}`;
}

function jobsPath(namespace: string): string {
  return `/apis/batch/v1/namespaces/${encodeURIComponent(namespace)}/jobs`;
}

function jobPath({ namespace, name }: JobRef): string {
  return `${jobsPath(namespace)}/${encodeURIComponent(name)}`;
}

function secretsPath(namespace: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`;
}

function secretPath({ namespace, name }: SecretRef): string {
  return `${secretsPath(namespace)}/${encodeURIComponent(name)}`;
}
