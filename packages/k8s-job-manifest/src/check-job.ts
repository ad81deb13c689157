import { mainName } from "./containers.ts";
import { inputVolume } from "./input.ts";
import type { JobManifest } from "./manifest-types.ts";
import type { Problem, RunSpec } from "./types.ts";

/**
 * What etcd takes in one request is 1.5 MiB by default; the API server adds fields and the request its own
 * part, so a Job ends a little before.
 */
const jobBytes = 1_400_000;

const annotationBytes = 262_144;

/** What must still hold after overlay and transform: that it is this run, and that its program gets its input. */
export function jobProblems(built: JobManifest, final: JobManifest, spec: RunSpec): Problem[] {
  const from = spec.transform === undefined ? "overlay" : "transform";
  const problems: Problem[] = [];
  const keep = (path: string, was: unknown, is: unknown) => {
    if (JSON.stringify(was) !== JSON.stringify(is))
      problems.push({
        path: `${from}: ${path}`,
        value: is,
        rule: `left as ${JSON.stringify(was)}`,
      });
  };
  const name = spec.containerName ?? mainName;
  const [was, is] = [facts(built, name), facts(final, name)];
  for (const [path, value] of Object.entries(was)) keep(path, value, is[path]);

  const size = JSON.stringify(final).length;
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
      container?.volumeMounts.filter((mount) => mount.name === inputVolume),
  };
}
