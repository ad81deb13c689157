import { command, literally } from "./command.ts";
import { environment } from "./environment.ts";
import type { Input } from "./input.ts";
import type { Container, ContainerResources, Volume, VolumeMount } from "./pod-types.ts";
import { withDefaults, withoutUnset } from "./resources.ts";
import type { Preparation, Program, RunMount, Sidecar } from "./program-types.ts";
import type { RunSpec } from "./types.ts";

/** The container of the program. */
export function mainContainer(spec: RunSpec, input: Input): Container {
  const { program } = spec;
  const { argv, resources = {}, envFrom } = program;
  return {
    ...common(spec.containerName ?? mainName, program, withDefaults(resources)),
    command: command(input.stdin, argv, program.needs),
    env: environment(program, input.secretOf),
    ...(envFrom?.sources === undefined ? {} : { envFrom: [...envFrom.sources] }),
    ...(program.workingDir === undefined ? {} : { workingDir: program.workingDir }),
    volumeMounts: [
      ...input.mounts,
      ...(spec.volumes ?? []).flatMap(({ name, mounts }) => mounts.map((one) => mount(name, one))),
      ...scratchPaths(spec).map((mountPath, index) => ({ name: scratchName(index), mountPath })),
    ],
  };
}

export const mainName = "main";

/** Native sidecars: started before the program and ended after it, without keeping the Job from its end. */
export function sidecarContainers(spec: RunSpec, input: Input): Container[] {
  return (spec.sidecars ?? []).map((sidecar) => ({
    ...common(sidecar.name, sidecar, withoutUnset(sidecar.resources ?? {})),
    restartPolicy: "Always",
    ...(sidecar.argv === undefined ? {} : { command: sidecar.argv.map(literally) }),
    env: environment(sidecar, input.secretOf, { kind: "sidecar", name: sidecar.name }),
    volumeMounts: namedMounts(sidecar),
    ...(sidecar.startupProbe === undefined ? {} : { startupProbe: sidecar.startupProbe }),
  }));
}

/** Run to their end before the program, in their order. */
export function preparationContainers(spec: RunSpec, input: Input): Container[] {
  return (spec.preparations ?? []).map((preparation) => {
    const { name, argv, envFrom, workingDir, resources = {} } = preparation;
    return {
      ...common(name, preparation, withDefaults(resources)),
      command: argv.map(literally),
      env: environment(preparation, input.secretOf, { kind: "preparation", name }),
      ...(envFrom?.sources === undefined ? {} : { envFrom: [...envFrom.sources] }),
      ...(workingDir === undefined ? {} : { workingDir }),
      volumeMounts: namedMounts(preparation),
    };
  });
}

/** Writable folders on the node, one volume each so that none is seen in another. */
export function scratchVolumes(spec: RunSpec): Volume[] {
  return scratchPaths(spec).map((_, index) => ({ name: scratchName(index), emptyDir: {} }));
}

/** What was asked for; else, where the root is read-only, the one folder that every program expects. */
export function scratchPaths({ program, volumes = [] }: RunSpec): readonly string[] {
  const isMounted =
    Object.hasOwn(program.files ?? {}, "/tmp") ||
    volumes.some(({ mounts }) => mounts.some(({ path }) => path === "/tmp"));
  return program.scratch ?? (program.readOnlyRoot === true && !isMounted ? ["/tmp"] : []);
}

export function scratchName(index: number): string {
  return `run-scratch-${index}`;
}

function common(
  name: string,
  given: Program | Sidecar | Preparation,
  resources: ContainerResources,
) {
  const { image, imagePullPolicy, readOnlyRoot } = given;
  return {
    name,
    image,
    ...(imagePullPolicy === undefined ? {} : { imagePullPolicy }),
    resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      ...(readOnlyRoot === true ? { readOnlyRootFilesystem: true } : {}),
      capabilities: { drop: ["ALL"] },
    },
    // Why it failed is then in the pod's status, also when its log cannot be read any more.
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

function namedMounts({ mounts = [] }: Pick<Sidecar, "mounts">): VolumeMount[] {
  return mounts.map(({ volume, ...rest }) => mount(volume, rest));
}

function mount(name: string, { path, subPath, readOnly }: RunMount): VolumeMount {
  return {
    name,
    mountPath: path,
    ...(subPath === undefined ? {} : { subPath }),
    ...(readOnly === undefined ? {} : { readOnly }),
  };
}
