import { describe, expect, test } from "vitest";
import {
  buildClusterRole,
  buildNetworkPolicy,
  buildRole,
  clusterPermissions,
  JobManifestError,
  permissions,
} from "../src/index.ts";

const named = { name: "runs", namespace: "agents" };

describe("buildNetworkPolicy", () => {
  test("closes everything but DNS and the model's public API", () => {
    const { spec } = buildNetworkPolicy({ ...named, podLabels: { app: "run" } });
    expect(spec.podSelector).toEqual({ matchLabels: { app: "run" } });
    expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
    expect(spec.ingress).toEqual([]);
    const [dns, model, ...more] = spec.egress;
    expect(more).toEqual([]);
    expect(dns).toEqual({
      to: [
        {
          namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
          podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
        },
      ],
      ports: [
        { port: 53, protocol: "UDP" },
        { port: 53, protocol: "TCP" },
      ],
    });
    expect(model?.ports).toEqual([{ port: 443, protocol: "TCP" }]);
    const [four, six] = model?.to ?? [];
    expect(four?.ipBlock?.except).toEqual(expect.arrayContaining(["10.0.0.0/8", "169.254.0.0/16"]));
    expect(six?.ipBlock?.except).toEqual(expect.arrayContaining(["fc00::/7"]));
  });

  test("opens to the host and to what is named, and to nothing public when the model has ranges", () => {
    const { spec } = buildNetworkPolicy({
      ...named,
      podLabels: { app: "run" },
      model: { cidrs: ["10.1.0.0/16"], port: 8443 },
      host: { namespace: "paperclip", podLabels: { app: "server" }, port: 3100 },
      also: [{ cidrs: ["10.2.0.1/32"], ports: [22, 443] }],
    });
    const open = spec.egress.slice(1).map(({ to, ports }) => [to, ports?.map(({ port }) => port)]);
    expect(open).toEqual([
      [[{ ipBlock: { cidr: "10.1.0.0/16" } }], [8443]],
      [
        [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "paperclip" } },
            podSelector: { matchLabels: { app: "server" } },
          },
        ],
        [3100],
      ],
      [[{ ipBlock: { cidr: "10.2.0.1/32" } }], [22, 443]],
    ]);
  });

  test("is for some pods, never for all of a namespace", () => {
    expect(() => buildNetworkPolicy({ ...named, podLabels: {} })).toThrow(JobManifestError);
  });
});

describe("permissions", () => {
  test("are the Role's rules, each right once", () => {
    const { rules } = buildRole({ ...named, labels: { a: "b" } });
    const rights = rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
      ),
    );
    expect(new Set(rights).size).toBe(rights.length);
    expect(rights).not.toContainEqual(expect.stringContaining("*"));
    expect(rights).not.toContain("get /secrets");
    expect(rights).not.toContain("list /secrets");
    expect(rights).not.toContainEqual(expect.stringMatching(/pods\/exec/));
  });

  test("say what each is for", () => {
    for (const { use } of permissions) expect(use).toMatch(/\w{3}/);
  });

  test("beyond the namespace are reads, each optional, in a ClusterRole of their own", () => {
    for (const { verbs, without } of clusterPermissions) {
      expect(verbs).toEqual(["get"]);
      expect(without).toMatch(/\w{3}/);
    }
    expect(buildClusterRole({ name: "runner", labels: { a: "b" } })).toEqual({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: "runner", labels: { a: "b" } },
      rules: [
        { apiGroups: [""], resources: ["nodes"], verbs: ["get"] },
        { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
      ],
    });
  });
});
