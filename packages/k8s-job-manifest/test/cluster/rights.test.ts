import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildRole, buildRun, permissions } from "../../src/index.ts";
import { spec } from "../spec.ts";
import {
  type Apis,
  asAccount,
  ended,
  image,
  kubeconfig,
  namespace,
  restrictedNamespace,
  start,
} from "./cluster.ts";

const program = { image, argv: ["cat"], imagePullPolicy: "IfNotPresent" as const };
let cluster: Awaited<ReturnType<typeof restrictedNamespace>>;

/** Operations by the rule of `permissions` that allows them, as group/resource verb. */
const operations: Readonly<Record<string, (apis: Apis) => Promise<unknown>>> = {
  "batch/jobs create": ({ batch }) => {
    const body = buildRun(spec({ name: "created", namespace, suspend: true, program })).job;
    return batch.createNamespacedJob({ namespace, body, dryRun: "All" });
  },
  "batch/jobs get": ({ batch }) => batch.readNamespacedJob({ name: "standing", namespace }),
  "batch/jobs list": ({ batch }) => batch.listNamespacedJob({ namespace }),
  "batch/jobs watch": (apis) => mayWatch(apis, "batch", "jobs"),
  "batch/jobs delete": ({ batch }) =>
    batch.deleteNamespacedJob({ name: "standing", namespace, dryRun: "All" }),
  "batch/jobs patch": ({ batch }) => {
    const body = [{ op: "add", path: "/metadata/annotations/a", value: "b" }];
    return batch.patchNamespacedJob({ name: "standing", namespace, body, dryRun: "All" });
  },
  "/pods get": ({ core }) =>
    core.readNamespacedPod({ name: "none", namespace }).catch(unlessMissing),
  "/pods list": ({ core }) => core.listNamespacedPod({ namespace }),
  "/pods watch": (apis) => mayWatch(apis, "", "pods"),
  "/pods delete": ({ core }) =>
    core.deleteNamespacedPod({ name: "none", namespace }).catch(unlessMissing),
  "/pods/log get": ({ core }) =>
    core.readNamespacedPodLog({ name: "none", namespace }).catch(unlessMissing),
  "/events list": ({ core }) => core.listNamespacedEvent({ namespace }),
  "/secrets create": ({ core }) => {
    const body = { metadata: { name: "created" } };
    return core.createNamespacedSecret({ namespace, body, dryRun: "All" });
  },
  "/secrets delete": ({ core }) =>
    core.deleteNamespacedSecret({ name: "none", namespace }).catch(unlessMissing),
  "/secrets patch": ({ core }) =>
    core.patchNamespacedSecret({ name: "none", namespace, body: [] }).catch(unlessMissing),
  "coordination.k8s.io/leases create": (apis) =>
    mayDo(apis, "create", "coordination.k8s.io", "leases"),
  "coordination.k8s.io/leases list": (apis) => mayDo(apis, "list", "coordination.k8s.io", "leases"),
  "coordination.k8s.io/leases patch": (apis) =>
    mayDo(apis, "patch", "coordination.k8s.io", "leases"),
  "coordination.k8s.io/leases delete": (apis) =>
    mayDo(apis, "delete", "coordination.k8s.io", "leases"),
  "/resourcequotas list": ({ core }) => core.listNamespacedResourceQuota({ namespace }),
  "/persistentvolumeclaims get": ({ core }) =>
    core.readNamespacedPersistentVolumeClaim({ name: "none", namespace }).catch(unlessMissing),
};

/** 404 comes after the right was checked. */
function unlessMissing(error: unknown): void {
  if ((error as { code?: number }).code !== 404) throw error;
}

/** client-node's typed lists cannot read a watch, so the authorizer is asked. */
function mayWatch(apis: Apis, group: string, resource: string): Promise<void> {
  return mayDo(apis, "watch", group, resource);
}

async function mayDo(
  { authorization }: Apis,
  verb: string,
  group: string,
  resource: string,
): Promise<void> {
  const resourceAttributes = { verb, group, resource, namespace };
  const body = { spec: { resourceAttributes } };
  const { status } = await authorization.createSelfSubjectAccessReview({ body });
  if (status?.allowed !== true) throw Object.assign(new Error("not allowed"), { code: 403 });
}

describe.skipIf(kubeconfig === undefined)("rights on a cluster", { timeout: 120_000 }, () => {
  beforeAll(async () => {
    cluster = await restrictedNamespace(kubeconfig ?? "");
    const standing = spec({
      name: "standing",
      namespace,
      suspend: true,
      program,
      annotations: { x: "y" },
    });
    await cluster.batch.createNamespacedJob({ namespace, body: buildRun(standing).job });
  }, 120_000);
  afterAll(() => cluster[Symbol.asyncDispose](), 180_000);

  test("the pod has no token, and its account may do nothing but ask about itself", async () => {
    const look =
      "ls /var/run/secrets 2>&1 | head -1; env | grep -c TOKEN; id -u; test $$ -gt 1 && echo not the first";
    const shown = spec({
      name: "look",
      namespace,
      program: { ...program, argv: ["sh", "-c", look] },
    });
    await start(cluster, shown);
    const { log } = await ended(cluster, "look");
    expect(log).toMatch(/No such file[^\n]*\n0\n1000\nnot the first\n/);

    const pod = await asAccount(cluster, "default");
    const { status } = await pod.authorization.createSelfSubjectRulesReview({
      body: { spec: { namespace } },
    });
    const { resourceRules = [], nonResourceRules = [] } = status ?? {};
    const ofAccount = rightsIn([...resourceRules, ...nonResourceRules]);
    const ofEverybody = await Promise.all(
      everybodys.map(async (name) => {
        const { rules = [] } = await cluster.rbac.readClusterRole({ name });
        return rightsIn(rules);
      }),
    );
    const allowed = new Set(ofEverybody.flat());
    expect(ofAccount.filter((right) => !allowed.has(right))).toEqual([]);
    expect(ofAccount).toContain("create authorization.k8s.io/selfsubjectaccessreviews");
  });

  test("the Role of `permissions` allows every operation; without one of its rules, that one's are refused", async () => {
    const verbs = permissions.flatMap(({ apiGroups, resources, verbs: allowed }) =>
      allowed.map((verb) => `${apiGroups[0]}/${resources[0]} ${verb}`),
    );
    expect(Object.keys(operations).toSorted()).toEqual(verbs.toSorted());
    const accounts = [-1, ...permissions.keys()];
    for (const without of accounts) {
      const account = await bound(without);
      const refused = await refusedTo(account);
      const rule = permissions[without];
      const expected = (rule?.verbs ?? []).map(
        (verb) => `${rule?.apiGroups[0]}/${rule?.resources[0]} ${verb}`,
      );
      expect(refused.toSorted()).toEqual(expected.toSorted());
    }
  });
});

/** Cluster roles that Kubernetes binds to everybody, the last to every service account: public keys. */
const everybodys = [
  "system:basic-user",
  "system:discovery",
  "system:public-info-viewer",
  "system:service-account-issuer-discovery",
];

/** Right by right, as `kubectl auth can-i --list` shows them by the line. */
function rightsIn(
  rules: readonly {
    verbs: string[];
    apiGroups?: string[];
    resources?: string[];
    nonResourceURLs?: string[];
  }[],
): string[] {
  return rules.flatMap(({ verbs, apiGroups = [], resources = [], nonResourceURLs = [] }) => {
    const objects = apiGroups.flatMap((group) => resources.map((one) => `${group}/${one}`));
    return [...objects, ...nonResourceURLs].flatMap((what) =>
      verbs.map((verb) => `${verb} ${what}`),
    );
  });
}

/** An account with the Role, less the rule of that index. */
async function bound(without: number): Promise<Apis> {
  const name = `runner-${without + 1}`;
  const role = buildRole({ name, namespace });
  role.rules = role.rules.filter((_, index) => index !== without);
  await cluster.core.createNamespacedServiceAccount({ namespace, body: { metadata: { name } } });
  await cluster.rbac.createNamespacedRole({ namespace, body: role });
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name };
  const subjects = [{ kind: "ServiceAccount", name, namespace }];
  const body = { metadata: { name }, roleRef, subjects };
  await cluster.rbac.createNamespacedRoleBinding({ namespace, body });
  const account = await asAccount(cluster, name);
  // The authorizer hears of a new binding a moment later.
  await expect
    .poll(async () => (await refusedTo(account)).length, { timeout: 10_000, interval: 100 })
    .toBeLessThan(Object.keys(operations).length);
  return account;
}

async function refusedTo(account: Apis): Promise<string[]> {
  const refused: string[] = [];
  for (const [name, operation] of Object.entries(operations))
    await operation(account).catch((error: unknown) => {
      if ((error as { code?: number }).code !== 403) throw error;
      refused.push(name);
    });
  return refused;
}
