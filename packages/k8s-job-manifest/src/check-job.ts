import { mainName } from "./containers.ts";
import { inputVolume } from "./input.ts";
import type { JobManifest } from "./manifest-types.ts";
import type { Problem, RunSpec } from "./types.ts";
import { list, open, optional, record, text } from "./validate/shape.ts";

/**
 * What etcd takes in one request is 1.5 MiB by default; the API server adds fields and the request its own
 * part, so a Job ends a little before.
 */
const jobBytes = 1_400_000;

const annotationBytes = 262_144;

const annotationsShape = optional(record(text));
const namedList = list(open({ name: text }));

/** As much of a Job as is looked at here. */
const jobShape = open({
  metadata: open({ name: text, namespace: text, annotations: annotationsShape }),
  spec: open({
    template: open({
      metadata: open({ annotations: annotationsShape }),
      spec: open({
        containers: list(open({ name: text, volumeMounts: optional(namedList) })),
        volumes: namedList,
      }),
    }),
  }),
});

/**
 * What must still hold after overlay and transform: that it is this run, and that its program gets its
 * input. Gives the Job back as plain JSON, or why it is none.
 */
export function checkedJob(
  built: JobManifest,
  final: unknown,
  spec: RunSpec,
): { readonly job?: JobManifest; readonly problems: Problem[] } {
  const whole = "(the whole Job)";
  let job: unknown;
  try {
    job = JSON.parse(JSON.stringify(final) ?? "null");
  } catch (error) {
    return { problems: [{ path: whole, value: String(error), rule: "plain JSON" }] };
  }
  const problems: Problem[] = [];
  jobShape.read(job, whole, problems);
  if (problems.length > 0) return { problems };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- its shape was looked at just now
  const found = job as JobManifest;
  const changed = jobProblems(built, found, spec);
  return changed.length > 0 ? { problems: changed } : { job: found, problems };
}

function jobProblems(built: JobManifest, final: JobManifest, spec: RunSpec): Problem[] {
  const from = spec.transform === undefined ? "overlay" : "transform";
  const problems: Problem[] = [];
  const keep = (path: string, was: unknown, is: unknown) => {
    if (JSON.stringify(was) !== JSON.stringify(is))
      problems.push({
        path: `${from}: ${path}`,
        value: JSON.stringify(is) ?? "(nothing)",
        rule: `left as ${JSON.stringify(was) ?? "it was, absent"}`,
      });
  };
  const name = spec.containerName ?? mainName;
  const [was, is] = [facts(built, name), facts(final, name)];
  for (const [path, value] of Object.entries(was)) keep(path, value, is[path]);

  const size = Buffer.byteLength(JSON.stringify(final));
  if (size > jobBytes)
    problems.push({
      path: "(the whole Job)",
      value: `${size} bytes`,
      rule: `at most ${jobBytes} bytes`,
    });
  const metadata = { Job: final.metadata, pod: final.spec.template.metadata };
  for (const [whose, { annotations = {} }] of Object.entries(metadata)) {
    const length = Object.entries(annotations).reduce((sum, [key, value]) => {
      return sum + Buffer.byteLength(key) + Buffer.byteLength(value);
    }, 0);
    if (length > annotationBytes)
      problems.push({
        path: `annotations of the ${whose}`,
        value: `${length} bytes`,
        rule: `at most ${annotationBytes} bytes in all`,
      });
  }
  return problems;
}

function facts(job: JobManifest, name: string): Readonly<Record<string, unknown>> {
  const { template } = job.spec;
  const container = template.spec.containers.find((one) => one.name === name);
  return {
    "metadata.name": job.metadata.name,
    "metadata.namespace": job.metadata.namespace,
    "spec.suspend": job.spec.suspend,
    "spec.backoffLimit": job.spec.backoffLimit,
    "spec.template.spec.restartPolicy": template.spec.restartPolicy,
    // A second container would keep the Job from its end; sidecars are init containers.
    "names of spec.template.spec.containers": template.spec.containers.map((one) => one.name),
    [`spec.template.spec.containers[${name}].command`]: container?.command,
    [`spec.template.spec.volumes[${inputVolume}]`]: template.spec.volumes.find(
      (volume) => volume.name === inputVolume,
    ),
    [`spec.template.spec.containers[${name}].volumeMounts[${inputVolume}]`]:
      container?.volumeMounts?.filter((mount) => mount.name === inputVolume),
  };
}
