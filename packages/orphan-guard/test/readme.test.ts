import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { startCluster } from "./clusters.ts";
import { start } from "./readme.example.ts";

test("the README shows the example that is run here", async () => {
  const here = import.meta.url;
  const readme = await readFile(new URL("../README.md", here), "utf8");
  const example = await readFile(new URL("readme.example.ts", here), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example.trimEnd()}\n\`\`\``);
});

test("the example starts a run, finds it running the next time, and refuses its own id", async () => {
  await using cluster = await startCluster();
  const store = cluster.stores.kubeJobStore;
  const agentId = `agent-${process.pid}`;
  const { signal } = new AbortController();
  const first = await start(store, agentId, "run-1", signal);
  expect(first).toMatch(/^follow [a-z0-9-]+$/);
  expect(await start(store, agentId, "run-2", signal)).toBe(`${first}, it runs already`);
  expect(await start(store, agentId, "run-1", signal)).toBe("not now: same-run-active");
});
