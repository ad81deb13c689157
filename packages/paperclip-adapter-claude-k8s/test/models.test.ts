import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { detectedModel, modelsFor } from "../src/models.ts";

const ids = (variables: Record<string, string>) => modelsFor(variables).map(({ id }) => id);

describe("models to choose from", () => {
  test("follow the provider that the server's variables name; the aliases are always there", () => {
    expect(ids({})).toEqual(expect.arrayContaining(["sonnet", "claude-opus-5"]));
    expect(ids({ CLAUDE_CODE_USE_BEDROCK: "1" }).join()).toContain("us.anthropic.claude");
    expect(ids({ CLAUDE_CODE_USE_BEDROCK: "1" })).not.toContain("claude-opus-5");
    expect(ids({ ANTHROPIC_BEDROCK_BASE_URL: "https://gateway" }).join()).toContain("us.anthropic");
    expect(ids({ CLAUDE_CODE_USE_VERTEX: "true" })).toEqual(["opus", "sonnet", "haiku"]);
    expect(ids({ CLAUDE_CODE_USE_BEDROCK: "0" })).toContain("claude-opus-5");
  });

  test("none is there twice", () => {
    for (const variables of [{}, { CLAUDE_CODE_USE_BEDROCK: "1" }])
      expect(new Set(ids(variables)).size).toBe(ids(variables).length);
  });

  test.for([
    [{}, null],
    [{ ANTHROPIC_MODEL: " " }, null],
    [{ ANTHROPIC_MODEL: "opus" }, { model: "opus", provider: "anthropic" }],
    [
      { ANTHROPIC_MODEL: "us.x", CLAUDE_CODE_USE_BEDROCK: "1" },
      { model: "us.x", provider: "aws_bedrock" },
    ],
  ] as const)("%j detects %j", ([variables, found]) => {
    const answer = detectedModel(variables);
    expect(answer === null ? null : { model: answer.model, provider: answer.provider }).toEqual(
      found,
    );
  });

  test("the adapter offers them", async () => {
    const adapter = createServerAdapter();
    expect((await adapter.listModels?.())?.length).toBeGreaterThan(2);
    expect(adapter.models?.length).toBeGreaterThan(2);
  });
});

describe("the skills page", () => {
  test("tells chosen, available and missing skills, and always the one for the host's API", async () => {
    const source = await mkdtemp(join(tmpdir(), "skills-"));
    try {
      for (const name of ["sdlc", "paperclip", "spare"]) {
        await mkdir(join(source, name));
        await writeFile(join(source, name, "SKILL.md"), "---\nname: x\n---\n");
      }
      const entry = (key: string, name: string) => ({
        key,
        runtimeName: name,
        source: join(source, name),
      });
      const config = {
        paperclipRuntimeSkills: [
          entry("acme/skills/sdlc", "sdlc"),
          entry("acme/skills/spare", "spare"),
          entry("paperclipai/paperclip/paperclip", "paperclip"),
        ],
        paperclipSkillSync: { desiredSkills: ["acme/skills/sdlc", "acme/skills/gone"] },
      };
      const context = { agentId: "a", companyId: "c", adapterType: "claude_k8s", config };
      const adapter = createServerAdapter();
      const snapshot = await adapter.listSkills?.(context);
      expect(snapshot).toMatchObject({
        adapterType: "claude_k8s",
        supported: true,
        mode: "ephemeral",
      });
      const states = Object.fromEntries(
        snapshot?.entries.map(({ key, state }) => [key, state]) ?? [],
      );
      expect(states).toEqual({
        "acme/skills/sdlc": "configured",
        "acme/skills/spare": "available",
        "acme/skills/gone": "missing",
        "paperclipai/paperclip/paperclip": "configured",
      });
      expect(await adapter.syncSkills?.(context, [])).toEqual(snapshot);
    } finally {
      await rm(source, { recursive: true, force: true });
    }
  });
});
