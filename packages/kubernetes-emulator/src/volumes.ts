import { claimFiles } from "./claim-folder.ts";
import { fieldValue } from "./downward.ts";
import type { Container, Pod } from "./kube-object.ts";
import type { KubeletWorld } from "./kubelet-world.ts";
import type { Store } from "./store.ts";
import type { DownwardItem, KeyToPath, ProjectedSource, Volume } from "./volume-object.ts";

/** Files of a volume by their path inside it. */
export type VolumeFiles = Map<string, Uint8Array>;

/** Files of every volume of a pod by the volume's name. An emptyDir starts empty and is written to. */
export type PodVolumes = ReadonlyMap<string, VolumeFiles>;

/** What the kubelet says when a volume cannot be set up, word for word. */
export interface MountProblem {
  readonly volume: string;
  readonly message: string;
}

type Sources = Pick<KubeletWorld, "store" | "claimFolders">;

/** Sets up a pod's volumes from what there is now, or names the first that cannot be. */
export function mountVolumes(sources: Sources, pod: Pod): PodVolumes | MountProblem {
  const mounted = new Map<string, VolumeFiles>();
  for (const volume of pod.spec.volumes ?? []) {
    const files = volumeFiles(sources, pod, volume);
    if (typeof files === "string") {
      return {
        volume: volume.name,
        message: `MountVolume.SetUp failed for volume "${volume.name}" : ${files}`,
      };
    }
    mounted.set(volume.name, files);
  }
  return mounted;
}

function volumeFiles(
  { store, claimFolders }: Sources,
  pod: Pod,
  volume: Volume,
): VolumeFiles | string {
  if (volume.secret !== undefined) {
    return dataFiles(store, pod, "secret", { name: volume.secret.secretName, ...volume.secret });
  }
  if (volume.configMap !== undefined) return dataFiles(store, pod, "configmap", volume.configMap);
  if (volume.persistentVolumeClaim !== undefined) {
    const { claimName } = volume.persistentVolumeClaim;
    const folder = claimFolders[`${pod.metadata.namespace}/${claimName}`];
    return folder === undefined ? new Map() : claimFiles(folder);
  }
  if (volume.downwardAPI !== undefined) return downwardFiles(pod, volume.downwardAPI.items);
  const all: VolumeFiles = new Map();
  for (const source of volume.projected?.sources ?? []) {
    const files = projectedFiles(store, pod, source);
    if (typeof files === "string") return files;
    for (const [path, content] of files) all.set(path, content);
  }
  return all;
}

function projectedFiles(store: Store, pod: Pod, source: ProjectedSource): VolumeFiles | string {
  if (source.secret !== undefined) return dataFiles(store, pod, "secret", source.secret);
  if (source.configMap !== undefined) return dataFiles(store, pod, "configmap", source.configMap);
  return downwardFiles(pod, source.downwardAPI?.items);
}

interface DataReference {
  readonly name: string;
  readonly optional?: boolean;
  readonly items?: KeyToPath[];
}

function dataFiles(
  store: Store,
  pod: Pod,
  kind: "secret" | "configmap",
  reference: DataReference,
): VolumeFiles | string {
  const data = readData(store, kind, pod.metadata.namespace, reference.name);
  if (data === undefined) {
    return reference.optional === true ? new Map() : `${kind} "${reference.name}" not found`;
  }
  if (reference.items === undefined) return data;
  const files: VolumeFiles = new Map();
  for (const { key, path } of reference.items) {
    const content = data.get(key);
    if (content !== undefined) files.set(path, content);
    else if (reference.optional !== true) return `references non-existent ${kind} key: ${key}`;
  }
  return files;
}

function downwardFiles(pod: Pod, items: readonly DownwardItem[] = []): VolumeFiles {
  return new Map(
    items.map((item) => [
      item.path,
      encoder.encode(fieldValue(pod, item.fieldRef?.fieldPath ?? "")),
    ]),
  );
}

/** A Secret's or ConfigMap's bytes by key, or undefined when there is none. */
export function readData(
  store: Store,
  kind: "secret" | "configmap",
  namespace: string | undefined,
  name: string,
): VolumeFiles | undefined {
  const object = (kind === "secret" ? store.secrets : store.configmaps).get(namespace, name);
  if (object === undefined) return undefined;
  const files: VolumeFiles = new Map();
  for (const [key, text] of Object.entries(object.data ?? {})) {
    files.set(key, bytes(text, kind === "secret"));
  }
  for (const [key, text] of Object.entries(object.binaryData ?? {}))
    files.set(key, bytes(text, true));
  return files;
}

function bytes(text: string, encoded: boolean): Uint8Array {
  return encoded ? Uint8Array.from(Buffer.from(text, "base64")) : encoder.encode(text);
}

/** A container's files by absolute path; a deeper mount hides what a shallower one has there. */
export function containerFiles(container: Container, volumes: PodVolumes): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const mounts = (container.volumeMounts ?? []).toSorted(
    (a, b) => a.mountPath.length - b.mountPath.length,
  );
  for (const mount of mounts) {
    const root = mount.mountPath.replace(/\/+$/, "");
    for (const [path, content] of volumes.get(mount.name) ?? []) {
      if (mount.subPath === undefined) files.set(`${root}/${path}`, content);
      else if (path === mount.subPath) files.set(root, content);
      else if (path.startsWith(`${mount.subPath}/`))
        files.set(root + path.slice(mount.subPath.length), content);
    }
  }
  return files;
}

const encoder = new TextEncoder();
