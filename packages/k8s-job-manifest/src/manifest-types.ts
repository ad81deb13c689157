/*
 * The parts of Kubernetes objects that are written here. client-node's types of the same names, 1.x and
 * 2.x, fit both ways where a caller passes them in. Arrays and records are mutable because theirs are.
 */

export type Labels = { [key: string]: string };
export type Quantities = { [resource: string]: string };

export type OwnerReference = { apiVersion: string; kind: string; name: string; uid: string };

export type ObjectMeta = {
  name: string;
  namespace: string;
  labels: Labels;
  annotations?: Labels;
  ownerReferences?: OwnerReference[];
};

export type KeyRef = { name?: string; key: string; optional?: boolean };

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
  matchExpressions?: { key: string; operator: string; values?: string[] }[];
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

export type Affinity = { nodeAffinity?: object; podAffinity?: object; podAntiAffinity?: object };

export type DnsConfig = {
  nameservers?: string[];
  searches?: string[];
  options?: { name?: string; value?: string }[];
};

export type HostAlias = { ip: string; hostnames?: string[] };

export type ContainerSecurityContext = {
  allowPrivilegeEscalation: boolean;
  readOnlyRootFilesystem?: boolean;
  capabilities: { drop: string[] };
};

export type Container = {
  name: string;
  image: string;
  imagePullPolicy?: string;
  command: string[];
  env: EnvVar[];
  envFrom?: EnvFromSource[];
  workingDir?: string;
  resources: ContainerResources;
  volumeMounts: VolumeMount[];
  securityContext: ContainerSecurityContext;
  terminationMessagePolicy: string;
};

export type PodSpec = {
  restartPolicy: string;
  automountServiceAccountToken: boolean;
  enableServiceLinks: boolean;
  shareProcessNamespace: boolean;
  terminationGracePeriodSeconds: number;
  securityContext: {
    runAsNonRoot: boolean;
    runAsUser: number;
    runAsGroup: number;
    fsGroup: number;
    fsGroupChangePolicy: string;
    seccompProfile: { type: string };
  };
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

export type JobManifest = {
  apiVersion: "batch/v1";
  kind: "Job";
  metadata: ObjectMeta;
  spec: {
    suspend?: boolean;
    backoffLimit: number;
    podReplacementPolicy: string;
    ttlSecondsAfterFinished: number;
    activeDeadlineSeconds?: number;
    template: { metadata: { labels: Labels; annotations: Labels }; spec: PodSpec };
  };
};

export type SecretManifest = {
  apiVersion: "v1";
  kind: "Secret";
  metadata: ObjectMeta;
  type: "Opaque";
  immutable: true;
  /** Base64. */
  data: { [key: string]: string };
};

export type PolicyRule = { apiGroups: string[]; resources: string[]; verbs: string[] };

export type RoleManifest = {
  apiVersion: "rbac.authorization.k8s.io/v1";
  kind: "Role";
  metadata: ObjectMeta;
  rules: PolicyRule[];
};
