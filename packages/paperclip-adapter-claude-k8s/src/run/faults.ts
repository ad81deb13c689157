import { JobManifestError } from "@claude-k8s/k8s-job-manifest";
import { JobWatchError } from "@claude-k8s/job-watch";
import { KubeHttpError } from "@claude-k8s/kube-http";
import { LogStreamError } from "@claude-k8s/log-stream";
import { OrphanGuardError } from "@claude-k8s/orphan-guard";
import { AdapterError } from "../errors.ts";
import { textOf } from "../untyped.ts";

/** The error and what caused it, the outermost first. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  let at: unknown = error;
  while (at !== undefined && chain.length < 8) {
    chain.push(at);
    at = at instanceof Error ? at.cause : undefined;
  }
  return chain;
}

/** A right or the login is missing: asking again changes nothing. */
export function isDenied(error: unknown): boolean {
  return causes(error).some(
    (cause) =>
      (KubeHttpError.isInstance(cause) &&
        (cause.code === "KUBE_UNAUTHORIZED" ||
          (cause.code === "KUBE_DENIED" && !isQuota(cause)))) ||
      (JobWatchError.isInstance(cause) && cause.code === "JOB_WATCH_DENIED") ||
      (LogStreamError.isInstance(cause) && cause.code === "LOG_STREAM_DENIED"),
  );
}

/** Errors that stay until a person changes a kubeconfig, a right or a setting. */
export function mustBeMended(error: unknown): boolean {
  return (
    isDenied(error) ||
    causes(error).some(
      (cause) =>
        AdapterError.isInstance(cause) ||
        JobManifestError.isInstance(cause) ||
        (OrphanGuardError.isInstance(cause) && refusedForGood.test(cause.message)),
    )
  );
}

/** The API server's words for a namespace that does not exist, and for a field it will never accept. */
const refusedForGood = /namespaces "[^"]*" not found|is invalid: /;

/** Quota speaks by 403 as well, but passes by itself. */
function isQuota(error: Error): boolean {
  return error.message.includes("exceeded quota");
}

/** The error's own words, and those of what caused it where they add something. */
export function messageOf(error: unknown): string {
  const texts = causes(error).map((cause) => textOf(cause));
  return texts
    .filter((text, index) => !texts.slice(0, index).some((said) => said.includes(text)))
    .join(": ");
}
