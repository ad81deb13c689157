import { checkedJob } from "./check-job.ts";
import { JobManifestError } from "./errors.ts";
import { type Input, runInput } from "./input.ts";
import type { JobManifest } from "./manifest-types.ts";
import { podTemplate } from "./pod-template.ts";
import { specProblems } from "./spec-problems.ts";
import { strategicMerge } from "./strategic-merge.ts";
import type { Problem, RunManifests, RunSpec } from "./types.ts";

/** Long enough that who comes back after a day's outage still finds what happened. */
const daySeconds = 86_400;

/**
 * The Job that runs a program with its input, and the Secrets that hold what is nobody else's business.
 * The Secrets have no owner yet, for the Job's uid is known only once it was created: add `ownedBy(job)`.
 * The same spec gives the same manifests.
 * @throws JobManifestError with every problem of the spec
 */
export function buildRun(spec: RunSpec): RunManifests {
  const { problems, manifests } = attempt(spec);
  if (manifests === undefined) throw new JobManifestError(problems);
  return manifests;
}

/**
 * Everything that is wrong with a spec, in the order of its fields; empty when `buildRun` will build it.
 * Rules are those of the API server and the kernel, and those a run stands on. Values of secrets are not
 * in the problems. A `transform` is called.
 */
export function validateRun(spec: RunSpec): Problem[] {
  return attempt(spec).problems;
}

function attempt(spec: RunSpec): { problems: Problem[]; manifests?: RunManifests } {
  const problems = specProblems(spec);
  if (problems.length > 0) return { problems };
  const input = runInput(spec);
  const built = jobManifest(spec, input);
  const { job, problems: found } = checkedJob(built, finished(built, spec), spec);
  if (job === undefined) return { problems: found };
  return { problems, manifests: { job, secrets: input.secrets } };
}

function jobManifest(spec: RunSpec, input: Input): JobManifest {
  const { ttlSecondsAfterFinished = daySeconds, activeDeadlineSeconds } = spec.life ?? {};
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: spec.name,
      namespace: spec.namespace,
      labels: { ...spec.labels },
      annotations: { ...spec.annotations },
    },
    spec: {
      ...(spec.suspend === true ? { suspend: true } : {}),
      // A run is one run: what went wrong is told, not repeated.
      backoffLimit: 0,
      // No second pod while the first one may still write to its volumes.
      podReplacementPolicy: "Failed",
      ttlSecondsAfterFinished,
      ...(activeDeadlineSeconds === undefined ? {} : { activeDeadlineSeconds }),
      template: podTemplate(spec, input),
    },
  };
}

function finished(built: JobManifest, { overlay, transform }: RunSpec): JobManifest {
  const template =
    overlay === undefined ? built.spec.template : strategicMerge(built.spec.template, overlay);
  const job = { ...built, spec: { ...built.spec, template } };
  return transform === undefined ? job : transform(structuredClone(job));
}
