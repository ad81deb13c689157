import { readFile } from "node:fs/promises";
import { BatchV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { sort } from "./readme.example.ts";

test("the README shows the example that is compiled and run here", async () => {
  const here = import.meta.url;
  const readme = await readFile(new URL("../README.md", here), "utf8");
  const example = await readFile(new URL("readme.example.ts", here), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example.trimEnd()}\n\`\`\``);
});

test("the example creates the Job, its Secret and lets it go", async () => {
  const requests: string[] = [];
  const uid = "0a1b";
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: "none", server: "http://127.0.0.1:1", skipTLSVerify: true },
    { name: "none" },
  );
  const batch = config.makeApiClient(BatchV1Api);
  const core = config.makeApiClient(CoreV1Api);
  // The wire is not what the example is about.
  batch.createNamespacedJob = async ({ body }) => {
    requests.push(`job, suspended: ${body.spec?.suspend}`);
    return { metadata: { uid } };
  };
  core.createNamespacedSecret = async ({ body }) => {
    requests.push(`secret of ${body.metadata?.ownerReferences?.[0]?.uid}`);
    return {};
  };
  batch.patchNamespacedJob = async () => {
    requests.push("resume");
    return {};
  };
  expect(await sort(batch, core, "a\nb")).toMatch(/^sort-3-h/);
  expect(requests).toEqual(["job, suspended: true", "secret of 0a1b", "resume"]);
});
