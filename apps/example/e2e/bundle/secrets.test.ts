// Skills and instructions without a volume: everything an agent is given arrives, in Secrets that go again.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parsed } from "../../src/json.ts";
import { test } from "../cluster.ts";
import { runAgent } from "../run-agent.ts";
import { greeting, probeFiles, probeName, probePath, type Seen, sha256 } from "./probe-skill.ts";

test("2 MB of skills, a script, instructions and theirs, MCP servers and a prompt of 1 MiB arrive to the byte", async ({
  cluster,
  expect,
}) => {
  await using stack = new AsyncDisposableStack();
  const root = await mkdtemp(path.join(tmpdir(), "agent-"));
  stack.defer(() => rm(root, { recursive: true }));
  const [source, instructions] = [path.join(root, "skill"), path.join(root, "instructions")];
  await mkdir(path.join(source, "data"), { recursive: true });
  await mkdir(instructions);
  for (const [name, text] of Object.entries(probeFiles))
    await writeFile(path.join(source, name), text, { mode: name === "claude" ? 0o755 : 0o644 });
  const data = Array.from({ length: 4 }, (_, index) => Buffer.alloc(500_000, index + 1));
  for (const [index, bytes] of data.entries())
    await writeFile(path.join(source, "data", `${index}`), bytes);
  await writeFile(path.join(instructions, "AGENTS.md"), "Read ./TOOLS.md.");
  await writeFile(path.join(instructions, "TOOLS.md"), "Tools.");
  const prompt = `${greeting}\n`.repeat(2 ** 16);

  const { result, host, left } = await runAgent(cluster, {
    mcp: [{ name: "tools", url: "https://tools.example/mcp", token: "t", connectionId: "c" }],
    config: {
      promptTemplate: prompt,
      env: { PATH: probePath },
      instructionsBundleMode: "managed",
      instructionsRootPath: instructions,
      instructionsFilePath: path.join(instructions, "AGENTS.md"),
      paperclipRuntimeSkills: [
        { key: probeName, runtimeName: probeName, source, sourceStatus: "available" },
      ],
      paperclipSkillSync: { desiredSkills: [probeName] },
    },
  });
  expect(result.errorMessage, host.said.join("\n")).toBeNull();
  const seen = parsed<Seen>(result.summary ?? "");
  const skill = `.claude/skills/${probeName}`;
  for (const [name, text] of Object.entries(probeFiles))
    expect(seen.files[`${skill}/${name}`]).toEqual({
      sha256: sha256(text),
      runs: name === "claude",
    });
  for (const [index, bytes] of data.entries())
    expect(seen.files[`${skill}/data/${index}`]?.sha256).toBe(sha256(bytes));
  expect(seen.files["instructions/TOOLS.md"]?.sha256).toBe(sha256("Tools."));
  expect(seen.args.join(" ")).toContain(
    "--append-system-prompt-file /claude-k8s/bundle/agent-instructions.md",
  );
  expect(seen.uid).toBe(1000);
  expect(seen.mcp).toHaveLength(1);
  expect(["EROFS", "EACCES"]).toContain(seen.writing);
  expect(seen.stdin.greetings).toBe(2 ** 16);
  expect(seen.stdin.bytes).toBeGreaterThan(2 ** 20);
  expect(left).toEqual([]);
});
