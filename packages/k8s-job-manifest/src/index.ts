export { buildRole, type Permission, permissions } from "./permissions.ts";
export { buildRun } from "./build-run.ts";
export { JobManifestError } from "./errors.ts";
export { jobName, labelValue } from "./names.ts";
export { ownedBy } from "./owned-by.ts";
export { validateRun } from "./validate-run.ts";
export type {
  Affinity,
  Container,
  ContainerResources,
  DnsConfig,
  EnvFromSource,
  EnvVar,
  HostAlias,
  JobManifest,
  KeyToPath,
  Labels,
  ObjectMeta,
  OwnerReference,
  PodSpec,
  PolicyRule,
  Quantities,
  RoleManifest,
  SecretManifest,
  Toleration,
  TopologySpreadConstraint,
  Volume,
  VolumeMount,
  VolumeSource,
} from "./manifest-types.ts";
export type {
  Identity,
  Life,
  Placement,
  Problem,
  Program,
  RunManifests,
  RunSpec,
  RunVolume,
} from "./types.ts";
