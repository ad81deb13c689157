import { JobManifestError } from "@claude-k8s/k8s-job-manifest";
import { KubeHttpError } from "@claude-k8s/kube-http";
import { AdapterError } from "../errors.ts";
import { incomplete, interrupted, notStarted, type Outcome } from "./outcome.ts";
import type { Stage } from "./model.ts";

/** Codes of the stages at which nothing runs yet. */
const codes: Readonly<Record<Exclude<Stage, "follow" | "settings">, string>> = {
  guard: "k8s_concurrency_guard_unreachable",
  build: "k8s_job_build_failed",
  create: "k8s_job_create_failed",
};

/** What went wrong that no healthy cluster does to a correct caller. */
export function fault(stage: Stage, error: unknown): Outcome {
  const message = messageOf(error);
  if (mustBeMended(error)) {
    // Only before the program started may the host simply run again once it was mended.
    const { recovery: _, ...started } = incomplete(message);
    return stage === "follow" ? started : incomplete(message);
  }
  switch (stage) {
    case "settings":
      return incomplete(message);
    case "guard":
      return notStarted(codes.guard, `Cannot tell whether a run is going on: ${message}`);
    case "build":
      return notStarted(codes.build, message);
    case "create":
      return notStarted(codes.create, message);
    case "follow":
      return interrupted(
        "k8s_job_state_unknown",
        `The Job could not be followed to its end: ${message}`,
      );
    default:
      return stage satisfies never;
  }
}

/** Errors that stay until a person changes a kubeconfig, a right or a setting. */
function mustBeMended(error: unknown): boolean {
  return causes(error).some(
    (cause) =>
      AdapterError.isInstance(cause) ||
      JobManifestError.isInstance(cause) ||
      (KubeHttpError.isInstance(cause) &&
        (cause.code === "KUBE_UNAUTHORIZED" || (cause.code === "KUBE_DENIED" && !isQuota(cause)))),
  );
}

/** Quota speaks by 403 as well, but passes by itself. */
function isQuota(error: Error): boolean {
  return error.message.includes("exceeded quota");
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (
    let at = error;
    at !== undefined && chain.length < 8;
    at = (at as { cause?: unknown })?.cause
  )
    chain.push(at);
  return chain;
}

/** The error's own words, and those of what caused it where they add something. */
export function messageOf(error: unknown): string {
  const texts = causes(error).map((cause) =>
    cause instanceof Error ? cause.message : String(cause),
  );
  return texts
    .filter((text, index) => !texts.slice(0, index).some((said) => said.includes(text)))
    .join(": ");
}
