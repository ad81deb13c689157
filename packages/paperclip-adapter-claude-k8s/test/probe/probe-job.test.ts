import { expect, test } from "vitest";
import { veryRun } from "../../src/environment-test/very-run.ts";
import { buildProbe } from "../../src/probe/probe-job.ts";
import { parseSettings } from "../../src/settings/settings.ts";

const config = {
  image: "agent:1",
  namespace: "runs",
  env: { ANTHROPIC_API_KEY: "sk-ant-of-the-agent" },
  nodeSelector: "disk=fast",
  labels: "team=red",
  workspaceVolumeClaim: "home",
  "resources.limits.memory": "3Gi",
};

async function probe(url?: string) {
  const { settings } = parseSettings(config);
  const run = await veryRun({ companyId: "c", config }, settings, { namespace: "server" });
  return buildProbe(run.spec, { mark: "a1b2", url, wantsGit: true });
}

test("goes where the run goes, with what it may use", async () => {
  const { job } = await probe();
  expect(job).toMatchObject({
    metadata: { name: "claude-probe-a1b2", namespace: "runs" },
    spec: {
      ttlSecondsAfterFinished: 60,
      activeDeadlineSeconds: 120,
      template: {
        spec: {
          nodeSelector: { disk: "fast" },
          automountServiceAccountToken: false,
          containers: [{ image: "agent:1", resources: { limits: { memory: "3Gi" } } }],
        },
      },
    },
  });
});

const ours = (labels = {}): string[] =>
  Object.keys(labels).filter((key) => key.startsWith("paperclip.io/"));

test("is no Job of a run to a guard, and its pod is one to network policies", async () => {
  const { job } = await probe();
  expect(ours(job.metadata.labels)).toEqual([]);
  expect(job.metadata.labels).toMatchObject({ team: "red", "claude-k8s/probe": "a1b2" });
  const { spec } = job as { spec: { template: { metadata: { labels: object } } } };
  expect(ours(spec.template.metadata.labels)).toEqual(["paperclip.io/adapter-type"]);
});

test("has nothing of the agent's secrets", async () => {
  const everything = JSON.stringify(await probe());
  expect(everything).not.toContain("ANTHROPIC_API_KEY");
  expect(everything).not.toContain(Buffer.from("sk-ant-of-the-agent").toString("base64"));
});

test("sees of the volume a folder of its own, and has home and workspace besides", async () => {
  const { job } = await probe();
  const { spec } = job as unknown as {
    spec: {
      template: {
        spec: { containers: { volumeMounts: { mountPath: string; subPath?: string }[] }[] };
      };
    };
  };
  const mounts = spec.template.spec.containers[0]?.volumeMounts ?? [];
  expect(mounts.filter(({ subPath }) => subPath !== undefined)).toEqual([
    expect.objectContaining({ mountPath: "/claude-k8s-volume", subPath: "claude-k8s/probe" }),
  ]);
  expect(mounts.map(({ mountPath }) => mountPath)).toEqual(
    expect.arrayContaining(["/home/claude", "/workspace"]),
  );
});

test("asks for the host's address when there is one", async () => {
  expect(JSON.stringify((await probe("http://paperclip:3100")).job)).toContain(
    "http://paperclip:3100",
  );
});
