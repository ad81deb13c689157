import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { expect, test, vi } from "vitest";
import { httpFor } from "./cluster-run.ts";
import { watchJob } from "./readme.example.ts";

test("the README shows the example as it is", async () => {
  const example = await readFile(new URL("readme.example.ts", import.meta.url), "utf8");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(readme.split("\n").length).toBeLessThanOrEqual(70);
});

test("the example tells how a Job ended", async () => {
  await using emulator = await startEmulator();
  emulator.program("example", async () => 4);
  const folder = await mkdtemp(path.join(tmpdir(), "job-watch-"));
  const http = httpFor(emulator.kubeConfig);
  const said = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    await writeFile(path.join(folder, "config"), emulator.kubeConfig);
    vi.stubEnv("KUBECONFIG", path.join(folder, "config"));
    const labels = { app: "example" };
    const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "example" }] };
    await http.request({
      method: "POST",
      path: "/apis/batch/v1/namespaces/default/jobs",
      body: {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "run", labels },
        spec: { backoffLimit: 0, template: { metadata: { labels }, spec } },
      },
      signal: AbortSignal.timeout(5_000),
    });
    expect(await watchJob("run", AbortSignal.timeout(5_000))).toBe(false);
    expect(said).toHaveBeenLastCalledWith("container main exited with code 4, Error");
  } finally {
    said.mockRestore();
    vi.unstubAllEnvs();
    http.close();
    await rm(folder, { recursive: true });
  }
});
