import type { Container, Pod } from "./kube-object.ts";
import type { PodVolumes } from "./volumes.ts";

/** Writes a file where a container has an emptyDir mounted; false elsewhere. */
export function writeInto(
  pod: Pod,
  container: Container,
  write: { readonly volumes: PodVolumes; readonly path: string; readonly content: Uint8Array },
): boolean {
  const mount = (container.volumeMounts ?? [])
    .filter(
      (one) =>
        write.path.startsWith(`${one.mountPath.replace(/\/+$/, "")}/`) && one.readOnly !== true,
    )
    .toSorted((a, b) => b.mountPath.length - a.mountPath.length)[0];
  const volume = pod.spec.volumes?.find((one) => one.name === mount?.name);
  if (mount === undefined || volume?.emptyDir === undefined) return false;
  const inside = write.path.slice(mount.mountPath.replace(/\/+$/, "").length + 1);
  const path = mount.subPath === undefined ? inside : `${mount.subPath}/${inside}`;
  write.volumes.get(volume.name)?.set(path, write.content);
  return true;
}
