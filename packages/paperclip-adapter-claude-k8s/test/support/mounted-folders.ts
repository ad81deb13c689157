import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import type { Emulator, ProgramContext } from "@claude-k8s/kubernetes-emulator";

interface Mounts {
  readonly spec: {
    readonly volumes: readonly {
      readonly name: string;
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
    readonly containers: readonly MountedContainer[];
    readonly initContainers?: readonly MountedContainer[];
  };
}

interface MountedContainer {
  readonly name: string;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
}

/**
 * Where a path of a container is on this machine, by the mounts that the API server has of its pod: claims lie
 * under `disk` by their names, other volumes by the pod's.
 */
export async function mountedAt(
  emulator: Emulator,
  { pod, container }: Pick<ProgramContext, "pod" | "container">,
  { disk, wanted }: { readonly disk: string; readonly wanted: string },
): Promise<string> {
  const answer = await fetch(`${emulator.url}/api/v1/namespaces/${pod.namespace}/pods/${pod.name}`);
  const { spec } = (await answer.json()) as Mounts;
  const all = [...spec.containers, ...(spec.initContainers ?? [])];
  const mounts = all.find(({ name }) => name === container)?.volumeMounts ?? [];
  const [mount] = mounts
    .filter(({ mountPath }) => `${wanted}/`.startsWith(`${mountPath}/`))
    .toSorted((one, other) => other.mountPath.length - one.mountPath.length);
  if (mount === undefined) throw new Error(`${container} has nothing mounted at ${wanted}`);
  const claim = spec.volumes.find(({ name }) => name === mount.name)?.persistentVolumeClaim;
  const volume = claim === undefined ? path.join(pod.name, mount.name) : claim.claimName;
  const below = wanted.slice(mount.mountPath.length);
  const folder = path.join(disk, volume, mount.subPath ?? "", below);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Runs the container's own command as a process of this machine, in its working directory. */
export async function reallyRun(
  emulator: Emulator,
  context: ProgramContext,
  disk: string,
): Promise<number> {
  const cwd = await mountedAt(emulator, context, { disk, wanted: context.workingDir });
  const [file = "", ...args] = context.command;
  // Folders that git was told to trust are others here.
  const env = { ...context.env, PATH: process.env["PATH"], GIT_CONFIG_VALUE_0: "*" };
  const child = spawn(file, args, { cwd, env });
  child.stdout.on("data", (chunk: Uint8Array) => context.stdout.write(chunk));
  child.stderr.on("data", (chunk: Uint8Array) => context.stderr.write(chunk));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 137));
  });
}
