import { expect, test } from "vitest";
import { mcpConfig } from "../src/prompt/mcp-config.ts";
import { isLoopback, urlForPods } from "../src/prompt/pod-url.ts";
import { createServerAdapter } from "../src/server-adapter.ts";
import { cluster } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";

const server = (name: string, url: string) => ({
  name,
  url,
  token: `t-${name}`,
  connectionId: "c",
});

test.each<[url: string, given: string | undefined, wanted: string | undefined]>([
  ["http://localhost:3100/api/mcp?x=1", "https://p.example", "https://p.example/api/mcp?x=1"],
  ["http://127.0.0.1:3100/api/mcp", "https://p.example/base/", "https://p.example/base/api/mcp"],
  ["http://[::1]:3100/a", "http://10.0.0.1:80", "http://10.0.0.1:80/a"],
  ["http://localhost:3100/a", undefined, undefined],
  ["http://localhost:3100/a", "http://127.0.0.1", undefined],
  ["http://localhost:3100/a", "", undefined],
  ["https://tools.example/mcp", undefined, "https://tools.example/mcp"],
  ["https://localhost.example/mcp", undefined, "https://localhost.example/mcp"],
])("%s with %s is %s for a pod", (url, given, wanted) => {
  expect(urlForPods(url, given)).toBe(wanted);
});

test("what is no address is no loopback", () => expect(isLoopback("localhost")).toBe(false));

test("servers of one name stay apart, one that no pod reaches is named without its token", () => {
  const one = server("a", "https://one.example");
  const { text = "", warnings } = mcpConfig([one, one, server("b", "http://localhost:1/x")], "");
  expect(JSON.parse(text)).toEqual({
    mcpServers: {
      a: { type: "http", url: one.url, headers: { Authorization: "Bearer t-a" } },
      "a-2": { type: "http", url: one.url, headers: { Authorization: "Bearer t-a" } },
    },
  });
  expect(warnings).toEqual([expect.stringContaining("MCP server b was left out")]);
  expect(warnings.join()).not.toContain("t-b");
  expect(mcpConfig([], undefined)).toEqual({ warnings: [] });
});

test("the program finds its servers in a file; their tokens are in no Job, pod or word to the host", async () => {
  let seen:
    | { file: unknown; argv: readonly string[]; env: Readonly<Record<string, string>> }
    | undefined;
  await using emulator = await cluster(async (context) => {
    const { argv, env } = context;
    const at = argv[argv.indexOf("--mcp-config") + 1] ?? "";
    seen = {
      argv,
      env,
      file: JSON.parse(Buffer.from(await context.readFile(at)).toString("utf8")),
    };
    return 0;
  });
  const host = fakeHost({
    mcp: [server("Paperclip projects", "http://localhost:3100/api/mcp")],
    config: { paperclipUrl: "http://paperclip.example", retainJobs: true },
  });
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute(
    host.context,
  );
  expect(seen?.argv).toContain("--strict-mcp-config");
  expect(seen?.env["PAPERCLIP_API_URL"]).toBe("http://paperclip.example");
  expect(seen?.env["PAPERCLIP_WORKSPACE_CWD"]).toBe("/workspace");
  expect(seen?.file).toMatchObject({
    mcpServers: { "Paperclip projects": { url: "http://paperclip.example/api/mcp" } },
  });
  const lists = await Promise.all(
    ["/apis/batch/v1/namespaces/runs/jobs", "/api/v1/namespaces/runs/pods"].map(async (list) =>
      (await fetch(`${emulator.url}${list}`)).text(),
    ),
  );
  expect(lists.join()).toContain("--strict-mcp-config");
  const told = JSON.stringify([lists, host.metas, host.chunks, host.events, result]);
  expect(told).not.toContain("t-Paperclip projects");
  expect(told).not.toContain("token-of-the-run");
});
