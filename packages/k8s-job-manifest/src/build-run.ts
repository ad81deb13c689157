import { JobManifestError } from "./errors.ts";
import { runInput } from "./input.ts";
import type { JobManifest } from "./manifest-types.ts";
import { podSpec } from "./pod-spec.ts";
import type { RunManifests, RunSpec } from "./types.ts";
import { validateRun } from "./validate-run.ts";

const daySeconds = 86_400;

/** Nobody moves the pod for economy: an interrupted run is lost work. */
const stay = {
  "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
  "karpenter.sh/do-not-disrupt": "true",
};

/**
 * The Job that runs a program with its input, and the Secrets that hold what is nobody's business. The
 * Secrets have no owner yet, for the Job's uid is known only once it was created: add `ownedBy(job)`.
 * @throws JobManifestError with every problem of the spec
 */
export function buildRun(spec: RunSpec): RunManifests {
  const problems = validateRun(spec);
  if (problems.length > 0) throw new JobManifestError(problems);
  const input = runInput(spec);
  const labels = () => ({ ...spec.labels });
  const job: JobManifest = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: spec.name,
      namespace: spec.namespace,
      labels: labels(),
      annotations: { ...spec.annotations },
    },
    spec: {
      ...(spec.suspend === true ? { suspend: true } : {}),
      // A run is one run: what went wrong is told, not repeated.
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      ttlSecondsAfterFinished: spec.life?.ttlSecondsAfterFinished ?? daySeconds,
      ...(spec.life?.activeDeadlineSeconds === undefined
        ? {}
        : { activeDeadlineSeconds: spec.life.activeDeadlineSeconds }),
      template: {
        metadata: { labels: labels(), annotations: { ...stay, ...spec.annotations } },
        spec: podSpec(spec, input),
      },
    },
  };
  return { job, secrets: input.secrets };
}
