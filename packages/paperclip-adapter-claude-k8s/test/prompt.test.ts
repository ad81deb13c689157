import { chmod, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execute as executeLocally } from "@paperclipai/adapter-claude-local/server";
import type { AdapterInvocationMeta } from "@paperclipai/adapter-utils";
import { beforeAll, expect, test, vi } from "vitest";
import { buildPrompt } from "../src/prompt/prompt.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { fakeHost } from "./support/fake-host.ts";

const uuid = "0f3b6c1e-8f1d-4c55-9a59-9a5a5a5a5a5a";
const settings = (config: Record<string, unknown> = {}) => parseSettings(config).settings;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "local-adapter-"));
  vi.stubEnv("PAPERCLIP_HOME", path.join(folder, "home"));
  vi.stubEnv("HOME", folder);
  await writeFile(path.join(folder, "claude"), '#!/bin/sh\ncat > /dev/null\necho "{}"\n');
  await chmod(path.join(folder, "claude"), 0o755);
  return () => vi.unstubAllEnvs();
});

/** What the host's own adapter for a local `claude` would give it. */
async function localMeta(
  config: Record<string, unknown>,
  context: Record<string, unknown>,
  isResumed: boolean,
): Promise<AdapterInvocationMeta> {
  const sessionParams = isResumed ? { sessionId: uuid } : null;
  const host = fakeHost({ context, runtime: { sessionParams }, config });
  await executeLocally({
    ...host.context,
    config: {
      ...host.context.config,
      engine: "cli",
      command: path.join(folder, "claude"),
      cwd: folder,
    },
  });
  const [meta] = host.metas;
  if (meta === undefined) throw new Error("the local adapter started nothing");
  return meta;
}

const issue = {
  id: "issue-1",
  identifier: "ACME-7",
  title: "Make it so",
  description: "All of it, and `$(twice)`.",
  status: "todo",
  workMode: "autonomous",
};
const comment = {
  id: "c-1",
  issueId: "issue-1",
  body: "Grüße: $HOME `x`\n\n- a",
  authorType: "user",
};
const wake = { reason: "issue_commented", issue, commentIds: ["c-1"], comments: [comment] };
const task = {
  paperclipTaskMarkdown: "# ACME-7\n\nAll of it.",
  paperclipTaskMarkdownCompact: "# ACME-7 (short)",
};
const continuation = {
  version: 1,
  objective: "Finish the migration",
  messages: [
    { id: "m1", body: "Please go on", authorType: "user", createdAt: "2026-01-01T00:00:00Z" },
  ],
  completedWork: ["Half of it"],
};
const bootstrap = { bootstrapPromptTemplate: " Welcome {{agent.name}} of {{company.id}}.\n" };

test.each<[what: string, config: Record<string, unknown>, context: Record<string, unknown>]>([
  ["nothing but an agent", {}, {}],
  ["a template", { promptTemplate: "I am {{agent.name}} in {{run.source}} {{runId}}.\n" }, {}],
  ["a template of the context", { promptTemplate: "{{context.taskId}} {{context.none}}|" }, {}],
  ["a bootstrap", bootstrap, {}],
  ["a task", bootstrap, task],
  ["a wake", bootstrap, { paperclipWake: wake }],
  ["a wake and its task", bootstrap, { paperclipWake: wake, ...task }],
  ["an assignment", {}, { paperclipWake: { ...wake, reason: "issue_assigned" }, ...task }],
  [
    "a recovery",
    bootstrap,
    { paperclipWake: { ...wake, recovery: { cause: "process_lost" } }, ...task },
  ],
  ["a hand-over", {}, { paperclipSessionHandoffMarkdown: "\n## Before\nWork.\n", ...task }],
  ["a conversation", {}, { conversationMode: true, paperclipWake: wake }],
  [
    "a continuation",
    {},
    { paperclipWake: { ...wake, executionContinuation: continuation }, ...task },
  ],
  [
    "connector skills",
    {},
    { paperclipWake: { ...wake, connectorSkillInstructions: "Use the mailbox." } },
  ],
])("%s: new or resumed, the prompt is the local adapter's to the character", async (...row) => {
  const [, config, context] = row;
  for (const isResumed of [false, true]) {
    const local = await localMeta(config, context, isResumed);
    const ours = buildPrompt(fakeHost({ context }).context, settings(config), isResumed);
    expect(ours.text).toBe(local.prompt);
    expect(ours.metrics).toEqual(local.promptMetrics);
  }
});

test("a template of spaces is a prompt of nothing", () => {
  expect(buildPrompt(fakeHost().context, settings({ promptTemplate: " " }), false).text).toBe("");
});
