import { mainName } from "./containers.ts";
import { inputVolume, joinedVolume } from "./input.ts";
import type { Problem, RunSpec } from "./types.ts";
import { shown } from "./validate/shape.ts";

/** A field of a pod template that an overlay may not touch, and why. */
export type ForbiddenField = {
  /** As in `spec.restartPolicy`; `spec.containers[main]` stands for the program's container. */
  readonly path: string;
  readonly why: string;
};

/** What a run stands on. Everything else of a pod template can be overlaid. */
export const forbiddenOverlayFields: readonly ForbiddenField[] = [
  { path: "metadata.name", why: "the Job controller names pods" },
  { path: "metadata.namespace", why: "a pod is where its Job is" },
  { path: "metadata.ownerReferences", why: "the Job is the owner" },
  { path: "spec.restartPolicy", why: "a run is one run; a restart would run it twice" },
  { path: "spec.activeDeadlineSeconds", why: "life.runLimitSeconds sets it" },
  { path: "spec.terminationGracePeriodSeconds", why: "life.terminationGracePeriodSeconds sets it" },
  { path: "spec.hostNetwork", why: "it would put the program into the node's network" },
  { path: "spec.hostPID", why: "it would show the program the node's processes" },
  { path: "spec.hostIPC", why: "it would share the node's memory with the program" },
  { path: "spec.nodeName", why: "it would bypass the scheduler; use placement" },
  { path: "spec.containers[main].image", why: "program.image sets it" },
  { path: "spec.containers[main].command", why: "program.argv sets it" },
  { path: "spec.containers[main].args", why: "program.argv sets it" },
  { path: `spec.volumes[${inputVolume}]`, why: "it holds the run's input" },
  { path: `spec.volumes[${joinedVolume}]`, why: "it holds the run's input" },
];

/** Forbidden fields that a spec's overlay touches. */
export function overlayProblems(spec: RunSpec): Problem[] {
  const main = spec.containerName ?? mainName;
  return forbiddenOverlayFields.flatMap(({ path, why }) => {
    const found = at(spec.overlay, path.replace("[main]", `[${main}]`));
    if (found === undefined) return [];
    return [{ path: `overlay.${path}`, value: shown(found), rule: `left out: ${why}` }];
  });
}

/** The value at a path whose list items are named; `undefined` when there is none. */
function at(value: unknown, path: string): unknown {
  let found = value;
  for (const step of path.split(/\.|(?=\[)/u)) {
    const name = /^\[(.*)\]$/u.exec(step)?.[1];
    if (typeof found !== "object" || found === null) return undefined;
    if (name === undefined) found = Object.getOwnPropertyDescriptor(found, step)?.value;
    else found = Array.isArray(found) ? found.find((item) => isNamed(item, name)) : undefined;
  }
  return found;
}

function isNamed(item: unknown, name: string): boolean {
  return typeof item === "object" && item !== null && "name" in item && item.name === name;
}
