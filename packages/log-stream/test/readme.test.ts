import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { kubeHttp } from "@claude-k8s/kube-http";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, test, vi } from "vitest";
import { printLog } from "./readme.example.ts";

test("the README shows the example as it is", async () => {
  const example = await readFile(new URL("readme.example.ts", import.meta.url), "utf8");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(readme.split("\n").length).toBeLessThanOrEqual(70);
});

test("the example works", async () => {
  await using emulator = await startEmulator();
  emulator.program("hello:1", async ({ stdout }) => {
    stdout.write("hello\nworld\n");
    return 0;
  });
  const config = new KubeConfig();
  config.loadFromString(emulator.kubeConfig);
  const signal = new AbortController().signal;
  const http = kubeHttp(config);
  const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "hello:1" }] };
  const body = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
  await http.request({ method: "POST", path: "/api/v1/namespaces/default/pods", body, signal });
  http.close();

  const folder = await mkdtemp(path.join(tmpdir(), "log-stream-"));
  const file = path.join(folder, "kubeconfig");
  await writeFile(file, emulator.kubeConfig);
  vi.stubEnv("KUBECONFIG", file);
  const print = vi.spyOn(console, "log").mockImplementation(() => {});
  try {
    expect(await printLog("p", signal)).toBe(true);
    expect(print.mock.calls).toEqual([["hello"], ["world"]]);
  } finally {
    print.mockRestore();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});
