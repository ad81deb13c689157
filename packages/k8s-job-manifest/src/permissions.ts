import type { ClusterRoleManifest, PolicyRule, RoleManifest } from "./manifest-types.ts";

/** A right and what it is for. */
export type Permission = PolicyRule & {
  /** Completes the sentence "is used to …". */
  readonly use: string;
  /** What is lost without it. Absent: nothing works without it. */
  readonly without?: string;
};

/** Every right in the runs' namespace that this system uses: the source of Roles, docs and preflights. */
export const permissions: readonly Permission[] = [
  {
    apiGroups: ["batch"],
    resources: ["jobs"],
    verbs: ["create", "get", "list", "watch", "delete"],
    use: "start runs, see how they stand, keep two from running at once, remove them",
  },
  {
    apiGroups: ["batch"],
    resources: ["jobs"],
    verbs: ["patch"],
    use: "let a prepared Job go, adopt one, note a log's position and a cancel",
    without: "a crash at the wrong moment can leave a Secret behind; runs cannot be adopted",
  },
  {
    apiGroups: [""],
    resources: ["pods"],
    verbs: ["get", "list", "watch"],
    use: "see how a run's container stands and ends",
  },
  {
    apiGroups: [""],
    resources: ["pods"],
    verbs: ["delete"],
    use: "take away a pod that its Job left behind, or that is overdue on a healthy node",
    without: "such a pod stays, and a stop that waits for it is not acknowledged",
  },
  { apiGroups: [""], resources: ["pods/log"], verbs: ["get"], use: "read what the program prints" },
  {
    apiGroups: [""],
    resources: ["events"],
    verbs: ["list"],
    use: "say why the Job controller makes no pod: a quota, an admission rule",
    without: "a Job whose pod is refused is told only as a pod that does not come",
  },
  {
    apiGroups: [""],
    resources: ["secrets"],
    verbs: ["create", "delete"],
    use: "hand over input and credentials, and replace what an earlier attempt left",
  },
  {
    apiGroups: [""],
    resources: ["secrets"],
    verbs: ["patch"],
    use: "give a Secret its owner afterwards, only where Jobs may not be patched",
    without: "nothing, as long as Jobs may be patched",
  },
  {
    apiGroups: ["coordination.k8s.io"],
    resources: ["leases"],
    verbs: ["create", "list", "patch", "delete"],
    use: "tell Jobs that another live server follows from Jobs left behind",
    without: "a Job that another live server follows is taken for one left behind, and adopted",
  },
  {
    apiGroups: [""],
    resources: ["resourcequotas"],
    verbs: ["list"],
    use: "say before a run whether the namespace has room for it",
    without: "a run that the quota refuses is told only once its pod does not come",
  },
  {
    apiGroups: [""],
    resources: ["persistentvolumeclaims"],
    verbs: ["get"],
    use: "say before a run whether its volume is there",
    without: "a volume that is missing is told only as a pod that is not scheduled",
  },
];

/** Rights on what is in no namespace, which no Role can give. All of them are optional. */
export const clusterPermissions: readonly Permission[] = [
  {
    apiGroups: [""],
    resources: ["nodes"],
    verbs: ["get"],
    use: "tell a node that is lost from one that is slow",
    without:
      "a lost node is told only by the mark on its pods, and a pod that hangs there is not taken away",
  },
  {
    apiGroups: [""],
    resources: ["namespaces"],
    verbs: ["get"],
    use: "say before a run whether the namespace is there, and what it asks of pods",
    without: "a namespace that is missing is told only when a Job cannot be created",
  },
];

/** A Role with exactly these rights. Bind it to the account that starts runs, never to the runs' own. */
export function buildRole(options: {
  readonly name: string;
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
}): RoleManifest {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    metadata: {
      name: options.name,
      namespace: options.namespace,
      labels: { ...options.labels },
    },
    rules: rulesOf(permissions),
  };
}

/** A ClusterRole with the optional rights beyond the namespace, to be bound beside the Role. */
export function buildClusterRole(options: {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
}): ClusterRoleManifest {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: options.name, labels: { ...options.labels } },
    rules: rulesOf(clusterPermissions),
  };
}

function rulesOf(rights: readonly Permission[]): PolicyRule[] {
  return rights.map(({ apiGroups, resources, verbs }) => ({
    apiGroups: [...apiGroups],
    resources: [...resources],
    verbs: [...verbs],
  }));
}
