import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { buildRun, jobName } from "../src/index.ts";

const name = jobName(["claude", "alice", "agent:a1"]);

/** The run that docs/job.md explains. */
const built = buildRun({
  name,
  namespace: "agents",
  labels: { "example.com/agent": "alice" },
  annotations: { "example.com/run": "run/1" },
  containerName: "claude",
  suspend: true,
  program: {
    image: "registry.example.com/claude:2.1.0",
    argv: ["claude", "--print", "--append-system-prompt", "Costs are in $(CURRENCY)."],
    stdin: "Hello.",
    env: { HOME: "/home/agent" },
    secretEnv: { ANTHROPIC_API_KEY: "sk-ant-0" },
    files: { "/etc/claude/mcp.json": "{}" },
    scratch: ["/home/agent", "/tmp"],
    readOnlyRoot: true,
  },
});

/** The code blocks of a language, JSON without its comments. */
async function blocks(language: string): Promise<string[]> {
  const text = await readFile(new URL("../../../docs/job.md", import.meta.url), "utf8");
  const found = [...text.matchAll(/```(\w+)\n(.*?)```/gs)];
  return found.filter(([, kind]) => kind === language).map(([, , body = ""]) => body);
}

describe("docs/job.md", () => {
  test("shows the Job and the Secret that are built", async () => {
    const [job, secrets, ...more] = (await blocks("jsonc")).map((block) =>
      JSON.parse(block.replaceAll(/^\s*\/\/.*$/gm, "").replaceAll(/,(?=\s*[}\]])/g, "")),
    );
    expect(job).toEqual(built.job);
    expect(secrets).toEqual(built.secrets);
    expect(more).toEqual([]);
  });

  test("shows the spec that they are built of", async () => {
    const [shown = ""] = await blocks("ts");
    const source = await readFile(import.meta.filename, "utf8");
    const given = /buildRun\(\{.*?^\}\);/ms.exec(source)?.[0] ?? "";
    expect(squeezed(shown).trim()).toBe(squeezed(given).trim());
  });
});

function squeezed(text: string): string {
  const named = text.replace('name: jobName(["claude", "alice", "agent:a1"])', "name");
  return named.replaceAll(/\s+/g, " ");
}
