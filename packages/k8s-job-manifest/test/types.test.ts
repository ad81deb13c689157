import type {
  V1Job,
  V1NetworkPolicy,
  V1PolicyRule,
  V1Role,
  V1Secret,
} from "@kubernetes/client-node";
import type * as one from "@kubernetes/client-node-1";
import { expectTypeOf, test } from "vitest";
import type {
  Affinity,
  ContainerResources,
  DnsConfig,
  EnvFromSource,
  EnvVar,
  HostAlias,
  JobManifest,
  NetworkPolicyManifest,
  PolicyRule,
  RoleManifest,
  SecretManifest,
  Toleration,
  TopologySpreadConstraint,
  VolumeSource,
} from "../src/index.ts";

type V1Pod = NonNullable<NonNullable<V1Job["spec"]>["template"]["spec"]>;

test("what is built fits client-node 1.x", () => {
  expectTypeOf<JobManifest>().toExtend<one.V1Job>();
  expectTypeOf<SecretManifest>().toExtend<one.V1Secret>();
  expectTypeOf<RoleManifest>().toExtend<one.V1Role>();
  expectTypeOf<NetworkPolicyManifest>().toExtend<one.V1NetworkPolicy>();
});

test("what is built fits client-node 2.x", () => {
  expectTypeOf<JobManifest>().toExtend<V1Job>();
  expectTypeOf<SecretManifest>().toExtend<V1Secret>();
  expectTypeOf<RoleManifest>().toExtend<V1Role>();
  expectTypeOf<PolicyRule>().toExtend<V1PolicyRule>();
  expectTypeOf<NetworkPolicyManifest>().toExtend<V1NetworkPolicy>();
});

test("what client-node reads fits where a spec takes it", () => {
  expectTypeOf<NonNullable<V1Pod["affinity"]>>().toExtend<Affinity>();
  expectTypeOf<NonNullable<V1Pod["tolerations"]>[number]>().toExtend<Toleration>();
  expectTypeOf<NonNullable<V1Pod["hostAliases"]>[number]>().toExtend<HostAlias>();
  expectTypeOf<NonNullable<V1Pod["dnsConfig"]>>().toExtend<DnsConfig>();
  expectTypeOf<
    NonNullable<V1Pod["topologySpreadConstraints"]>[number]
  >().toExtend<TopologySpreadConstraint>();
  expectTypeOf<NonNullable<V1Pod["volumes"]>[number]>().toExtend<VolumeSource>();
  expectTypeOf<NonNullable<V1Pod["containers"][number]["env"]>[number]>().toExtend<EnvVar>();
  expectTypeOf<
    NonNullable<V1Pod["containers"][number]["envFrom"]>[number]
  >().toExtend<EnvFromSource>();
  expectTypeOf<
    NonNullable<V1Pod["containers"][number]["resources"]>
  >().toExtend<ContainerResources>();
});
