/** Volumes and mounts of a pod, as far as the kubelet here sets them up. */
export interface VolumeMount {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: boolean;
}

export interface KeyToPath {
  key: string;
  path: string;
}

export interface Volume {
  name: string;
  emptyDir?: object;
  secret?: { secretName: string; optional?: boolean; items?: KeyToPath[] };
  configMap?: { name: string; optional?: boolean; items?: KeyToPath[] };
  downwardAPI?: { items?: DownwardItem[] };
  persistentVolumeClaim?: { claimName: string };
  projected?: { sources?: ProjectedSource[] };
  [kind: string]: unknown;
}

export interface DownwardItem {
  path: string;
  fieldRef?: { fieldPath: string };
}

export interface ProjectedSource {
  secret?: { name: string; optional?: boolean; items?: KeyToPath[] };
  configMap?: { name: string; optional?: boolean; items?: KeyToPath[] };
  downwardAPI?: { items?: DownwardItem[] };
}
