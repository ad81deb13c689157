import { asMergePatch, deleted, itemsOf, oneName, outcome } from "./api-answer.ts";
import { messageOf } from "./answers.ts";
import { knownJob } from "./known-job.ts";
import { foreground, isOtherUid, withUid } from "./kube-job-store.ts";
import type { JobStore } from "./types.ts";

type Named = { readonly name: string; readonly namespace: string };
type Write = { readonly namespace: string; readonly body: object };
type NamedWrite = Named & { readonly body: object };

/** The members of client-node's `BatchV1Api` (1.x and 2.x) that are used here. */
export interface BatchApiLike {
  listNamespacedJob(request: {
    readonly namespace: string;
    readonly labelSelector: string;
  }): Promise<unknown>;
  createNamespacedJob(request: Write): Promise<unknown>;
  readNamespacedJob(request: Named): Promise<unknown>;
  patchNamespacedJob(request: NamedWrite, options?: object): Promise<unknown>;
  deleteNamespacedJob(request: NamedWrite): Promise<unknown>;
}

/** The members of client-node's `CoreV1Api` (1.x and 2.x) that are used here. */
export interface CoreApiLike {
  createNamespacedSecret(request: Write): Promise<unknown>;
  patchNamespacedSecret(request: NamedWrite, options?: object): Promise<unknown>;
  deleteNamespacedSecret(request: Named): Promise<unknown>;
}

/**
 * Jobs and Secrets over objects shaped like client-node's, whose answers come unwrapped. An answer without
 * a body, or a body without metadata, is an answer: what it does not say is unknown. These clients take no
 * signal; a request under way when the signal aborts is left to its own time-out.
 */
export function apiJobStore(apis: {
  readonly batch: BatchApiLike;
  readonly core: CoreApiLike;
}): JobStore {
  const { batch, core } = apis;
  return {
    async list({ namespace, labelSelector, signal }) {
      signal.throwIfAborted();
      const answer = await batch.listNamespacedJob({ namespace, labelSelector });
      return itemsOf(answer).map((job) => knownJob(job, { namespace, name: "" }));
    },

    async read({ namespace, name }, signal) {
      signal.throwIfAborted();
      const request = batch.readNamespacedJob({ namespace, name });
      const answer = await outcome(request, { 404: "not-found" });
      return answer.kind === "ok" ? knownJob(answer.body, { namespace, name }) : undefined;
    },

    async createJob(job, signal) {
      signal.throwIfAborted();
      const { namespace } = job.metadata;
      const request = batch.createNamespacedJob({ namespace, body: job });
      const answer = await outcome(request, { 409: "exists" });
      if (answer.kind !== "ok") return { kind: "exists" };
      return { kind: "created", job: knownJob(answer.body, job.metadata) };
    },

    async createSecret(secret, signal) {
      signal.throwIfAborted();
      const { namespace } = secret.metadata;
      const request = core.createNamespacedSecret({ namespace, body: secret });
      const answer = await outcome(request, { 409: "exists" });
      return { kind: answer.kind === "ok" ? "created" : "exists" };
    },

    async patchJob({ namespace, name, uid }, patch, signal) {
      signal.throwIfAborted();
      const body = uid === undefined ? patch : withUid(patch, uid);
      const request = batch.patchNamespacedJob({ namespace, name, body }, asMergePatch);
      const answer = await outcome(request, { 404: "not-found", 409: "conflict" }, (error) =>
        isOtherUid(messageOf(error)) ? "conflict" : undefined,
      );
      if (answer.kind !== "ok") return { kind: answer.kind };
      return { kind: "patched", job: knownJob(answer.body, { namespace, name }) };
    },

    async patchSecret({ namespace, name }, patch, signal) {
      signal.throwIfAborted();
      const body = patch;
      const request = core.patchNamespacedSecret({ namespace, name, body }, asMergePatch);
      const answer = await outcome(request, { 404: "not-found", 409: "conflict" });
      return { kind: answer.kind === "ok" ? "patched" : answer.kind };
    },

    async deleteJob({ namespace, name, uid, resourceVersion }, signal) {
      signal.throwIfAborted();
      const body = foreground({ uid, resourceVersion });
      return deleted(batch.deleteNamespacedJob({ namespace, name: oneName(name), body }));
    },

    async deleteSecret({ namespace, name }, signal) {
      signal.throwIfAborted();
      return deleted(core.deleteNamespacedSecret({ namespace, name: oneName(name) }));
    },
  };
}
