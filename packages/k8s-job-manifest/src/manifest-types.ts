/*
 * The parts of Kubernetes objects that are written here, to fit client-node's types of the same names, 1.x
 * and 2.x. Arrays and records are mutable because theirs are.
 */
import type { LabelSelector, PodSpec } from "./pod-types.ts";

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

export type NetworkPolicyPeer = {
  ipBlock?: { cidr: string; except?: string[] };
  namespaceSelector?: LabelSelector;
  podSelector?: LabelSelector;
};

export type NetworkPolicyManifest = {
  apiVersion: "networking.k8s.io/v1";
  kind: "NetworkPolicy";
  metadata: ObjectMeta;
  spec: {
    podSelector: LabelSelector;
    policyTypes: string[];
    ingress: never[];
    egress: { to: NetworkPolicyPeer[]; ports?: { port: number; protocol: string }[] }[];
  };
};

export type PolicyRule = { apiGroups: string[]; resources: string[]; verbs: string[] };

export type RoleManifest = {
  apiVersion: "rbac.authorization.k8s.io/v1";
  kind: "Role";
  metadata: ObjectMeta;
  rules: PolicyRule[];
};

export type ClusterRoleManifest = {
  apiVersion: "rbac.authorization.k8s.io/v1";
  kind: "ClusterRole";
  metadata: { name: string; labels: Labels };
  rules: PolicyRule[];
};
