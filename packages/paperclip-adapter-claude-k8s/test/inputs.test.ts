import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ProgramFile } from "@claude-k8s/k8s-job-manifest";
import { expect, test } from "vitest";
import { toldModel } from "../src/host/told-model.ts";
import { claudeArguments } from "../src/prompt/arguments.ts";
import { collectInputs } from "../src/host/inputs.ts";
import { apiUrlWarning, buildEnvironment, ownVariableWarnings } from "../src/prompt/environment.ts";
import {
  chooseSession,
  earlierSessionToBring,
  sessionCodec,
  storedSession,
} from "../src/prompt/session.ts";
import { chooseSkills } from "../src/prompt/skills.ts";
import { prepareClaudePromptBundle } from "../src/server/prompt-cache.ts";
import { parseSettings } from "../src/settings/settings.ts";
import { fakeHost } from "./support/fake-host.ts";

const uuid = "0f3b6c1e-8f1d-4c55-9a59-9a5a5a5a5a5a";
const settings = (config: Record<string, unknown> = {}) => parseSettings(config).settings;
const none = { kept: undefined, isFresh: false };
const basic = ["--print", "-", "--output-format", "stream-json", "--verbose"];

test("arguments of a new and of a resumed session", () => {
  const wanted = settings({ model: "m", effort: "high", maxTurns: 7, extraArgs: ["--x"] });
  const files = { instructionsFile: "/i.md", addDir: "/b" };
  const shared = [
    "--dangerously-skip-permissions",
    "--model",
    "m",
    "--effort",
    "high",
    "--max-turns",
    "7",
  ];
  expect(claudeArguments(wanted, { resume: undefined, ...files })).toEqual([
    ...basic,
    ...shared,
    "--append-system-prompt-file",
    "/i.md",
    "--add-dir",
    "/b",
    "--x",
  ]);
  expect(claudeArguments(wanted, { resume: uuid, ...files })).toEqual([
    ...basic,
    "--resume",
    uuid,
    ...shared,
    "--add-dir",
    "/b",
    "--x",
  ]);
  const bare = settings({ dangerouslySkipPermissions: false });
  expect(
    claudeArguments(bare, { resume: undefined, instructionsFile: undefined, addDir: undefined }),
  ).toEqual(basic);
});

const now = { place: "ns/claim", podCwd: "/workspace", workspaceId: "w", promptBundleKey: "k" };
const whole = { ...now, sessionId: uuid, cwd: "/server/w" };
test.each<
  [what: string, stored: string | undefined, params: Record<string, unknown> | null, why: string]
>([
  ["all is as it was", uuid, whole, ""],
  ["the id alone, as of an early follow-up", uuid, { sessionId: uuid }, ""],
  ["no parameters", uuid, null, ""],
  ["an empty key is unknown", uuid, { ...whole, promptBundleKey: "" }, ""],
  ["no UUID", "sess_1", null, "no UUID"],
  ["another place", uuid, { ...whole, place: "pod" }, "another place"],
  ["another folder", uuid, { ...whole, podCwd: "/x" }, "another folder"],
  ["another workspace", uuid, { ...whole, workspaceId: "v" }, "another workspace"],
  ["other instructions", uuid, { ...whole, promptBundleKey: "l" }, "instructions or skills"],
  ["of an earlier adapter", uuid, { sessionId: uuid, cwd: "/paperclip/w" }, "shared by all"],
])("resuming, %s", (_what, stored, params, why) => {
  const choice = chooseSession(stored, params, now);
  expect(choice.resume).toBe(why === "" ? uuid : undefined);
  expect(choice.warning ?? "").toContain(why);
  expect(choice.warning === undefined).toBe(why === "");
});

const earlier = { sessionId: uuid, cwd: "/paperclip/w", workspaceId: "w" };
test.each<[what: string, brought: true | string | undefined, now: object, why: string]>([
  ["brought over", true, {}, ""],
  ["not to be had", "there is no file", {}, "shared by all agents, and there is no file"],
  ["of another folder", undefined, {}, "and it worked in another folder"],
  ["brought over, of another workspace", true, { workspaceId: "v" }, "another workspace"],
  ["brought over, without a volume", true, { place: undefined }, "without a volume"],
])("an earlier adapter's session, %s", (_what, brought, changes, why) => {
  const choice = chooseSession(uuid, earlier, { ...now, ...changes }, brought);
  expect(choice.resume).toBe(why === "" ? uuid : undefined);
  expect(choice.warning ?? "").toContain(why);
});

test.each<[what: string, id: string, params: Record<string, unknown> | null, now: object]>([
  ["its folder is another in the pod", uuid, earlier, { podCwd: "/workspace" }],
  ["it is one of ours", uuid, { ...earlier, place: "ns/claim" }, {}],
  ["nothing is stored with it", uuid, null, {}],
  ["its id leads to other folders", "../../x", earlier, {}],
  ["nothing outlives the pod", uuid, earlier, { place: undefined }],
])("an earlier adapter's session is not looked for when %s", (_what, id, params, changes) => {
  const there = { ...now, podCwd: "/paperclip/w" };
  expect(earlierSessionToBring(uuid, earlier, there)).toEqual({ id: uuid, cwd: "/paperclip/w" });
  expect(earlierSessionToBring(id, params, { ...there, ...changes })).toBeUndefined();
});

test("a session is not resumed without a volume, and nothing is said where there was none", () => {
  const bare = { ...now, place: undefined };
  expect(chooseSession(uuid, null, bare).warning).toContain("without a volume");
  expect(chooseSession(undefined, null, bare)).toEqual({});
});

test("the session of the parameters counts before the old field", () => {
  const runtime = {
    sessionId: "a",
    sessionParams: { sessionId: "b" },
    sessionDisplayId: null,
    taskKey: null,
  };
  expect(storedSession(runtime)).toBe("b");
  expect(storedSession({ ...runtime, sessionParams: null })).toBe("a");
});

test("the codec keeps what it knows, and nothing without a session", () => {
  const params = { sessionId: uuid, place: "ns/claim", other: 1, cwd: "" };
  expect(sessionCodec.serialize(params)).toEqual({ sessionId: uuid, place: "ns/claim" });
  expect(sessionCodec.deserialize({ sessionId: uuid })).toEqual({ sessionId: uuid });
  expect(sessionCodec.deserialize({ place: "x" })).toBeNull();
  expect(sessionCodec.deserialize("text")).toBeNull();
  expect(sessionCodec.getDisplayId?.({ sessionId: uuid })).toBe(uuid);
});

test("variables that do not do what they may be there for are named", () => {
  const { context } = fakeHost();
  const folders = { cwd: "/workspace", agentHome: "/home/claude", paperclipUrl: undefined };
  const said = (own: Record<string, string>): string[] =>
    ownVariableWarnings(own, buildEnvironment(context, own, {}, folders));
  expect(said({ PAPERCLIP_RUN_ID: "forged", HOME: "/paperclip", OTHER: "1" })).toEqual([
    expect.stringMatching(/^env sets PAPERCLIP_RUN_ID, which was left out/),
    "env sets HOME, which was left out: settings, login and sessions have a fixed place in the pod, /home/claude",
  ]);
  expect(said({ PAPERCLIP_RUN_ID: "run-1", HOME: "/home/claude" })).toEqual([]);
});

test.each<[folder: string, workspace: object | undefined, isNamed: boolean]>([
  ["/paperclip/work", undefined, true],
  ["/paperclip/work", { cwd: "/paperclip/of-the-host" }, false],
  ["", undefined, false],
])("the setting cwd %j beside the host's workspace %j", async (cwd, workspace, isNamed) => {
  const { context } = fakeHost({ config: { cwd }, context: { paperclipWorkspace: workspace } });
  const parsed = settings(context.config);
  const { warnings } = await collectInputs(context, parsed, { namespace: "runs" }, none);
  expect(warnings.some((text) => text.includes(`the setting cwd (${cwd})`))).toBe(isNamed);
});

test("the environment: nothing of the server, secrets apart, the run's own words win", () => {
  const { context } = fakeHost({
    context: {
      wakeReason: "issue_assigned",
      paperclipSecrets: { manifest: [{ envKey: "BOUND" }] },
    },
  });
  const own = {
    PLAIN: "1",
    BOUND: "from the host's secrets",
    MY_TOKEN: "t",
    TMPDIR: "/server/tmp",
    GH_CONFIG_DIR: "/server/gh",
    PAPERCLIP_RUN_ID: "forged",
    PAPERCLIP_API_URL: "http://paperclip.example",
  };
  const server = {
    ANTHROPIC_API_KEY: "k",
    DATABASE_URL: "db",
    BETTER_AUTH_SECRET: "s",
    HTTPS_PROXY: "p",
  };
  const { env, secretEnv } = buildEnvironment(context, own, server, {
    cwd: "/workspace",
    agentHome: "/home/claude",
  });
  expect(env).toMatchObject({
    PLAIN: "1",
    HTTPS_PROXY: "p",
    PAPERCLIP_RUN_ID: "run-1",
    PAPERCLIP_TASK_ID: "task-1",
    PAPERCLIP_WAKE_REASON: "issue_assigned",
    PAPERCLIP_API_URL: "http://paperclip.example",
  });
  expect(secretEnv).toMatchObject({
    ANTHROPIC_API_KEY: "k",
    BOUND: "from the host's secrets",
    MY_TOKEN: "t",
    PAPERCLIP_API_KEY: "token-of-the-run",
  });
  const names = Object.keys({ ...env, ...secretEnv });
  for (const name of ["DATABASE_URL", "BETTER_AUTH_SECRET", "TMPDIR", "GH_CONFIG_DIR"])
    expect(names).not.toContain(name);
});

test.each<[url: string, warns: boolean]>([
  ["http://localhost:3100", true],
  ["http://127.0.0.1:3100", true],
  ["http://paperclip.example", false],
])("an API URL of %s warns: %s", (url, warns) => {
  const answer = apiUrlWarning({ env: { PAPERCLIP_API_URL: url }, secretEnv: {} });
  expect(answer !== undefined).toBe(warns);
});

test("the agent is told which skills there are besides its own, also without instructions", async () => {
  const source = await mkdtemp(path.join(tmpdir(), "skill-"));
  const entry = (key: string) => ({ key, runtimeName: key, source, sourceStatus: "available" });
  const { library = "", skills } = await chooseSkills({
    paperclipRuntimeSkills: [entry("a/mine"), entry("a/other")],
    paperclipSkillSync: { desiredSkills: ["a/mine"] },
  });
  expect(skills.map(({ key }) => key)).toEqual(["a/mine"]);
  expect(library).toContain("a/other — installed, not enabled");
  const text = async (file: string | undefined): Promise<string> => {
    const instructions = file === undefined ? undefined : { file, managedRoot: undefined };
    const { delivery } = await prepareClaudePromptBundle({ skills: [], library, instructions });
    const files = delivery?.kind === "files" ? delivery.files : {};
    return Buffer.from(contentOf(files["/claude-k8s/bundle/agent-instructions.md"])).toString();
  };
  expect(await text(undefined)).toBe(library);
  expect(await text("/nowhere")).toBe(library);
  await writeFile(path.join(source, "AGENTS.md"), "# Mine");
  const both = await text(path.join(source, "AGENTS.md"));
  expect(both.startsWith("# Mine\n")).toBe(true);
  expect(both.endsWith(library)).toBe(true);
});

test.each<[model: string, env: Record<string, string>, told: string | undefined]>([
  ["claude-opus-5", { CLAUDE_CODE_USE_BEDROCK: "1" }, undefined],
  ["claude-opus-5", { CLAUDE_CODE_USE_BEDROCK: "true" }, undefined],
  ["claude-opus-5", { ANTHROPIC_BEDROCK_BASE_URL: "https://b.example" }, undefined],
  ["claude-opus-5", { CLAUDE_CODE_USE_BEDROCK: "0" }, "claude-opus-5"],
  ["claude-opus-5", { CLAUDE_CODE_USE_VERTEX: "1" }, "claude-opus-5"],
  ["claude-opus-5", {}, "claude-opus-5"],
  ["opus", { CLAUDE_CODE_USE_BEDROCK: "1" }, "opus"],
  [
    "us.anthropic.claude-opus-4-8-v1",
    { CLAUDE_CODE_USE_BEDROCK: "1" },
    "us.anthropic.claude-opus-4-8-v1",
  ],
  [
    "arn:aws:bedrock:us-east-1:1:inference-profile/x",
    { CLAUDE_CODE_USE_BEDROCK: "1" },
    "arn:aws:bedrock:us-east-1:1:inference-profile/x",
  ],
])("the model %s with %j is told as %s", (model, env, told) => {
  const answer = toldModel(settings({ model }), { env, references: [] });
  expect(answer.settings.model).toBe(told);
  expect(answer.notes.map((note) => note.includes(model))).toEqual(
    told === undefined ? [true] : [],
  );
});

test("a provider that only the kubelet knows counts, and no model is no word", () => {
  const references = ["CLAUDE_CODE_USE_BEDROCK"];
  const named = toldModel(settings({ model: "claude-opus-5" }), { env: {}, references });
  expect(named.settings.model).toBeUndefined();
  expect(toldModel(settings(), { env: {}, references }).notes).toEqual([]);
});

test("HOME and CLAUDE_CONFIG_DIR have fixed places: an agent's own are ignored and named", () => {
  const { context } = fakeHost();
  const own = { HOME: "/root", CLAUDE_CONFIG_DIR: "/paperclip/.claude", PLAIN: "1" };
  const pod = { cwd: "/workspace", agentHome: "/home/claude" };
  const { env, secretEnv } = buildEnvironment(context, own, {}, pod);
  expect({ ...env, ...secretEnv }).not.toHaveProperty("HOME");
  expect({ ...env, ...secretEnv }).not.toHaveProperty("CLAUDE_CONFIG_DIR");
  expect(env).toHaveProperty("PLAIN", "1");
});

function contentOf(file: ProgramFile | undefined): Uint8Array | string {
  if (file === undefined) return "";
  return typeof file === "object" && "content" in file ? file.content : file;
}
