export { buildNetworkPolicy, type NetworkPolicyOptions } from "./network-policy.ts";
export {
  buildClusterRole,
  buildRole,
  clusterPermissions,
  type Permission,
  permissions,
} from "./permissions.ts";
export { quantity } from "./quantity.ts";
export { buildRun, validateRun } from "./build-run.ts";
export { JobManifestError, type JobManifestErrorCode } from "./errors.ts";
export { type ForbiddenField, forbiddenOverlayFields } from "./overlay.ts";
export { jobName, labelValue } from "./names.ts";
export { ownedBy } from "./owned-by.ts";
export type {
  ClusterRoleManifest,
  JobManifest,
  Labels,
  NetworkPolicyManifest,
  ObjectMeta,
  OwnerReference,
  PolicyRule,
  Quantities,
  RoleManifest,
  SecretManifest,
} from "./manifest-types.ts";
export type {
  Affinity,
  Container,
  ContainerResources,
  DnsConfig,
  EnvFromSource,
  EnvVar,
  HostAlias,
  KeyToPath,
  PodSpec,
  Probe,
  Toleration,
  TopologySpreadConstraint,
  Volume,
  VolumeMount,
  VolumeSource,
} from "./pod-types.ts";
export type { ProgramFile } from "./program-file.ts";
export type { Preparation, Program, RunMount, Sidecar } from "./program-types.ts";
export type {
  Identity,
  Life,
  Placement,
  PodTemplateOverlay,
  Problem,
  RunManifests,
  RunSpec,
  RunVolume,
} from "./types.ts";
