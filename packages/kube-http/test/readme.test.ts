import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { connect, show } from "./readme.example.ts";
import { json, serve, status } from "./support/server.ts";

test("the README shows the example as it is", async () => {
  const example = await readFile(new URL("readme.example.ts", import.meta.url), "utf8");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
  expect(readme.split("\n").length).toBeLessThanOrEqual(70);
});

test("the example works", async () => {
  await using server = await serve((request, response) => {
    if (request.url?.endsWith("/p") === true) json(response, 200, { status: { phase: "Running" } });
    else if (request.url?.includes("/p/log") === true) response.end("12345");
    else json(response, 404, status(404, "NotFound", "no"));
  });
  const cluster = { server: server.url, "insecure-skip-tls-verify": true };
  const folder = await mkdtemp(path.join(tmpdir(), "kube-http-"));
  const file = path.join(folder, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster }],
    users: [{ name: "u", user: { token: "t" } }],
    contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
    "current-context": "x",
  };
  await writeFile(file, JSON.stringify(config));
  vi.stubEnv("KUBECONFIG", file);
  const signal = new AbortController().signal;
  const http = connect();
  try {
    expect(await show(http, "p", signal)).toBe("Running: 5 bytes, ended");
    expect(await show(http, "q", signal)).toBe("not-found");
  } finally {
    http.close();
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true });
  }
});
