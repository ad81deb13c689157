/*
 * The parts of a pod that are written here. client-node's types of the same names, 1.x and 2.x, fit both
 * ways where a caller passes them in. Arrays and records are mutable because theirs are.
 */
import type { Labels, Quantities } from "./manifest-types.ts";

type KeyRef = { name?: string; key: string; optional?: boolean };

export type EnvVar = {
  name: string;
  value?: string;
  valueFrom?: {
    secretKeyRef?: KeyRef;
    configMapKeyRef?: KeyRef;
    fieldRef?: { fieldPath: string; apiVersion?: string };
    resourceFieldRef?: { resource: string; containerName?: string; divisor?: string };
  };
};

export type EnvFromSource = {
  prefix?: string;
  secretRef?: { name?: string; optional?: boolean };
  configMapRef?: { name?: string; optional?: boolean };
};

export type ContainerResources = { requests?: Quantities; limits?: Quantities };

export type KeyToPath = { key: string; path: string; mode?: number };

/** One of its members. What is not listed is passed on as it is. */
export type VolumeSource = {
  emptyDir?: { medium?: string; sizeLimit?: string };
  persistentVolumeClaim?: { claimName: string; readOnly?: boolean };
  secret?: { secretName?: string; items?: KeyToPath[]; defaultMode?: number; optional?: boolean };
  configMap?: { name?: string; items?: KeyToPath[]; defaultMode?: number; optional?: boolean };
  projected?: { sources?: object[]; defaultMode?: number };
  ephemeral?: object;
};

export type Volume = VolumeSource & { name: string };

export type VolumeMount = {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: boolean;
};

export type Toleration = {
  key?: string;
  operator?: string;
  value?: string;
  effect?: string;
  tolerationSeconds?: number;
};

export type LabelSelector = {
  matchLabels?: Labels;
  matchExpressions?: SelectorRequirement[];
};

export type TopologySpreadConstraint = {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: string;
  labelSelector?: LabelSelector;
  minDomains?: number;
  matchLabelKeys?: string[];
  nodeAffinityPolicy?: string;
  nodeTaintsPolicy?: string;
};

export type SelectorRequirement = { key: string; operator: string; values?: string[] };

export type NodeSelectorTerm = {
  matchExpressions?: SelectorRequirement[];
  matchFields?: SelectorRequirement[];
};

export type PodAffinityTerm = {
  topologyKey: string;
  labelSelector?: LabelSelector;
  namespaces?: string[];
  namespaceSelector?: LabelSelector;
};

export type PodAffinity = {
  requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: {
    weight: number;
    podAffinityTerm: PodAffinityTerm;
  }[];
};

export type Affinity = {
  nodeAffinity?: {
    requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: NodeSelectorTerm[] };
    preferredDuringSchedulingIgnoredDuringExecution?: {
      weight: number;
      preference: NodeSelectorTerm;
    }[];
  };
  podAffinity?: PodAffinity;
  podAntiAffinity?: PodAffinity;
};

export type DnsConfig = {
  nameservers?: string[];
  searches?: string[];
  options?: { name?: string; value?: string }[];
};

export type HostAlias = { ip: string; hostnames?: string[] };

type ContainerSecurityContext = {
  allowPrivilegeEscalation: boolean;
  readOnlyRootFilesystem?: boolean;
  capabilities: { drop: string[] };
};

export type Probe = {
  exec?: { command?: string[] };
  httpGet?: { path?: string; port: number | string };
  tcpSocket?: { port: number | string };
  initialDelaySeconds?: number;
  periodSeconds?: number;
  timeoutSeconds?: number;
  failureThreshold?: number;
};

export type Container = {
  name: string;
  image: string;
  imagePullPolicy?: string;
  /** `Always` makes an init container a sidecar. */
  restartPolicy?: string;
  command?: string[];
  env: EnvVar[];
  envFrom?: EnvFromSource[];
  workingDir?: string;
  resources: ContainerResources;
  volumeMounts: VolumeMount[];
  securityContext: ContainerSecurityContext;
  terminationMessagePolicy: string;
  startupProbe?: Probe;
};

export type PodSpec = {
  restartPolicy: string;
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  shareProcessNamespace: boolean;
  terminationGracePeriodSeconds: number;
  activeDeadlineSeconds?: number;
  securityContext: {
    runAsNonRoot: boolean;
    runAsUser: number;
    runAsGroup: number;
    fsGroup: number;
    fsGroupChangePolicy: string;
    seccompProfile: { type: string };
  };
  initContainers?: Container[];
  containers: Container[];
  volumes: Volume[];
  nodeSelector?: Labels;
  tolerations?: Toleration[];
  affinity?: Affinity;
  topologySpreadConstraints?: TopologySpreadConstraint[];
  priorityClassName?: string;
  runtimeClassName?: string;
  schedulerName?: string;
  serviceAccountName?: string;
  imagePullSecrets?: { name: string }[];
  dnsPolicy?: string;
  dnsConfig?: DnsConfig;
  hostAliases?: HostAlias[];
};
