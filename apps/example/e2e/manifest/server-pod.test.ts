// A server that runs in a pod of the cluster takes itself as the template of its runs, and hands on nothing
// that is its own.
import { buildRole } from "@claude-k8s/k8s-job-manifest";
import { describe } from "vitest";
import { clusterAddress, test } from "../cluster.ts";
import { runOfServerPod } from "./server-pod.ts";

/** What a server has and no run may see: by kind, a name and its value. */
const own = {
  literal: { name: "DATABASE_URL", value: "postgres://server:hunter2-literal@db.internal/app" },
  auth: { name: "BETTER_AUTH_SECRET", value: "auth-secret-of-the-server" },
  masterKey: { name: "PAPERCLIP_SECRETS_MASTER_KEY", value: "master-key-of-the-server" },
  envFrom: { name: "SMTP_SETTINGS", value: "smtp-value-by-env-from" },
  file: { name: "tls-private.pem", value: "-----BEGIN PRIVATE KEY----- of the server" },
} as const;
const objects = { masterKey: "server-master-key", envFrom: "server-env", file: "server-tls" };
const provider = { name: "provider-key", key: "anthropic", value: "sk-ant-of-the-provider" };

describe("a run of a server in a pod", () => {
  test("takes over image, pull secrets, DNS and scheduling; no name and no value of the server's own secrets", async ({
    cluster,
    expect,
  }) => {
    const { rules } = buildRole({ name: "server", namespace: cluster.namespace });
    const { report, job, pod, secrets } = await runOfServerPod(cluster, {
      rules,
      secrets: {
        [objects.masterKey]: { key: own.masterKey.value },
        [objects.envFrom]: { [own.envFrom.name]: own.envFrom.value },
        [objects.file]: { [own.file.name]: own.file.value },
        [provider.name]: { [provider.key]: provider.value },
      },
      container: {
        env: [
          { name: own.literal.name, value: own.literal.value },
          { name: own.auth.name, value: own.auth.value },
          {
            name: own.masterKey.name,
            valueFrom: { secretKeyRef: { name: objects.masterKey, key: "key" } },
          },
          {
            name: "ANTHROPIC_API_KEY",
            valueFrom: { secretKeyRef: { name: provider.name, key: provider.key } },
          },
          { name: "ANTHROPIC_BASE_URL", value: "https://provider.example" },
          { name: "PAPERCLIP_API_URL", value: await clusterAddress(cluster) },
        ],
        envFrom: [{ secretRef: { name: objects.envFrom } }],
        volumeMounts: [{ name: "tls", mountPath: "/etc/server-tls" }],
      },
      pod: {
        volumes: [{ name: "tls", secret: { secretName: objects.file } }],
        imagePullSecrets: [{ name: "registry-of-the-server" }],
        dnsConfig: { options: [{ name: "ndots", value: "3" }] },
        nodeSelector: { "kubernetes.io/os": "linux" },
        tolerations: [{ key: "example.com/agents", operator: "Exists" }],
      },
    });
    expect(report.errorMessage, report.said.join("\n")).toBeNull();
    expect(report.summary).toBe("5 lines.");

    // It found its cluster, its namespace and its own pod by itself, and said before the run what it takes over.
    const { status, findings } = report.environment;
    expect(findings.filter((finding) => !finding.startsWith("info "))).toEqual([]);
    expect(status).toBe("pass");
    const said = findings.join("\n");
    expect(said).toContain(
      "Taken over from the server's pod: image, pull secrets, DNS, scheduling",
    );
    expect(said).toContain(`The image ${cluster.image} has claude`);
    expect(said).toContain("variables ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL");

    expect(pod.spec).toMatchObject({
      imagePullSecrets: [{ name: "registry-of-the-server" }],
      dnsConfig: { options: [{ name: "ndots", value: "3" }] },
      nodeSelector: { "kubernetes.io/os": "linux" },
      tolerations: expect.arrayContaining([{ key: "example.com/agents", operator: "Exists" }]),
      automountServiceAccountToken: false,
      containers: [
        {
          image: cluster.image,
          env: expect.arrayContaining([
            { name: "ANTHROPIC_BASE_URL", value: "https://provider.example" },
            {
              name: "ANTHROPIC_API_KEY",
              valueFrom: { secretKeyRef: { name: provider.name, key: provider.key } },
            },
          ]),
        },
      ],
    });

    expect(secrets).toHaveLength(1);
    const everything = [job, pod, ...secrets].flatMap((object) => [
      JSON.stringify(object),
      ...Object.values(object.data ?? {}).map((text) => Buffer.from(text, "base64").toString()),
    ]);
    const words = [
      ...Object.values(own).flatMap(({ name, value }) => [name, value]),
      ...Object.values(objects),
      // Its reference goes to the pod; its value is nowhere.
      provider.value,
    ];
    const found = words.filter((word) => everything.some((text) => text.includes(word)));
    expect(found).toEqual([]);
    // The search finds what is there.
    expect(everything.some((text) => text.includes(provider.name))).toBe(true);
  });
});
