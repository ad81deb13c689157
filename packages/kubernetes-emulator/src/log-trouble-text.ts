import type { ContainerRecord } from "./container-record.ts";
import type { Pod } from "./kube-object.ts";
import type { LogTrouble } from "./node-types.ts";

/**
 * What the kubelet says instead of a log, without a newline: the status 200 is already sent
 * (kuberuntime's GetContainerLogs, cri-client's ReadLogs).
 */
export function troubleText(
  trouble: LogTrouble | undefined,
  { metadata }: Pod,
  record: ContainerRecord | undefined,
): string | undefined {
  if (trouble === "no-container")
    return `unable to retrieve container logs for ${record?.containerID ?? "containerd://"}`;
  if (trouble !== "no-file") return undefined;
  const pod = `${metadata.namespace ?? ""}_${metadata.name}_${metadata.uid}`;
  const path = `/var/log/pods/${pod}/${record?.spec.name ?? ""}/${record?.restartCount ?? 0}.log`;
  return `failed to try resolving symlinks in path "${path}": lstat ${path}: no such file or directory`;
}
