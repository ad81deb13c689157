import { randomUUID } from "node:crypto";
import path from "node:path";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { asString, parseObject } from "@paperclipai/adapter-utils/server-utils";
import { AdapterError } from "../errors.ts";
import { claudeArguments } from "../prompt/arguments.ts";
import { mcpConfig, mcpConfigFile } from "../prompt/mcp-config.ts";
import { apiUrlWarning, buildEnvironment } from "../prompt/environment.ts";
import { buildPrompt } from "../prompt/prompt.ts";
import { chooseSkills, describeSkills } from "../prompt/skills.ts";
import { chooseSession, storedSession } from "../prompt/session.ts";
import { homeVariables } from "../run/pod-shape.ts";
import { isReservedLabel } from "../run/build.ts";
import type { RunInputs } from "../run/model.ts";
import { prepareClaudePromptBundle, type PromptBundle } from "../server/prompt-cache.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { chooseWorkspace } from "../workspace/choose-workspace.ts";
import { hostWorkspace } from "../workspace/host-workspace.ts";
import { folderToShare, shareWorkspace } from "../workspace/share-workspace.ts";
import { envReferences } from "./env-references.ts";

/** What the program is given, and what there is to say about it. */
export interface CollectedInputs extends RunInputs {
  /** For the run's notes at the host. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Stored with the session, so that a later run knows whether it may go on with it. */
  readonly session: Readonly<Record<string, string>>;
}

/** Collects what the program is given, from the host's context, the settings and the server's own pod. */
export async function collectInputs(
  host: AdapterExecutionContext,
  settings: Settings,
  self: SelfPodInfo,
  { place, isFresh }: { place: string | undefined; isFresh: boolean },
): Promise<CollectedInputs> {
  const skills = await chooseSkills(host.config);
  const bundle = await prepareClaudePromptBundle({
    skills: skills.skills,
    instructionsFilePath: settings.instructionsFilePath,
    ...(skills.library === undefined ? {} : { library: skills.library }),
  });
  const wanted = hostWorkspace(host.context, host.config);
  const way = folderToShare(wanted, settings, self);
  const sharing = way.kind === "folder" ? await shareWorkspace(way) : way;
  const chosen = chooseWorkspace(wanted, sharing, settings);
  const podCwd = chosen.workspace.path;
  const image = imageOf(settings, self);
  const handsOn = settings.inheritEnv ? self : { namespace: self.namespace };
  const environment = buildEnvironment(host, settings.env, handsOn.inheritedEnv ?? {}, {
    cwd: podCwd,
    isWorktree: chosen.isWorktree,
    agentHome: homeVariables["HOME"] ?? podCwd,
    paperclipUrl: settings.paperclipUrl,
  });
  const url = settings.paperclipUrl ?? settings.env["PAPERCLIP_API_URL"];
  const mcp = mcpConfig(host.runtimeMcp?.getServers() ?? [], url);
  const workspace = workspaceOf(host.context);
  const { runtime } = host;
  const stored = isFresh ? undefined : storedSession(runtime);
  const choice = chooseSession(stored, runtime.sessionParams, {
    place,
    podCwd,
    ...workspace,
    promptBundleKey: bundle.bundleKey,
  });
  const { resume } = choice;
  const inherited = envReferences(handsOn, settings.namespace ?? self.namespace);
  const prompt = buildPrompt(host, settings, resume !== undefined);
  const reserved = Object.keys(settings.labels).filter(isReservedLabel);
  return {
    ...(resume === undefined ? {} : { resume }),
    workspace: chosen.workspace,
    claimFolders: chosen.claimFolders,
    session: { ...workspace, podCwd, promptBundleKey: bundle.bundleKey },
    image,
    prompt: prompt.text,
    promptMetrics: prompt.metrics,
    args: claudeArguments(settings, {
      resume,
      instructionsFile: bundle.instructionsFilePath ?? undefined,
      addDir: bundle.files?.length === 0 ? undefined : bundle.addDir,
      mcpConfig: mcp.text === undefined ? undefined : mcpConfigFile,
    }),
    ...environment,
    envReferences: inherited.references,
    files: {
      ...podFiles(bundle),
      ...(mcp.text === undefined ? {} : { [mcpConfigFile]: Buffer.from(mcp.text) }),
    },
    attempt: randomUUID().slice(0, 8),
    notes: [`Image: ${image}`, chosen.note, describeSkills(skills)],
    warnings: [
      ...chosen.warnings,
      ...skills.missing.map((name) => `the host does not have the files of the skill ${name}`),
      ...(bundle.warnings ?? []),
      ...inherited.warnings,
      ...mcp.warnings,
      ...[choice.warning ?? []].flat(),
      ...[apiUrlWarning(environment) ?? []].flat(),
      ...reserved.map((key) => `the label ${key} is reserved and was left out`),
    ],
  };
}

/** The host's workspace, as it is stored with a session. */
function workspaceOf(context: Record<string, unknown>): Record<string, string> {
  const given = parseObject(context["paperclipWorkspace"]);
  const kept = ["cwd", "workspaceId", "repoUrl", "repoRef"];
  return Object.fromEntries(
    kept.flatMap((key) => {
      const value = asString(given[key], "");
      return value === "" ? [] : [[key, value] as const];
    }),
  );
}

function imageOf(settings: Settings, self: SelfPodInfo): string {
  if (settings.image !== undefined) return settings.image;
  const why = settings.inheritImage
    ? (self.unread ?? "the server does not run in a pod whose image could be used")
    : "inheritImage is off";
  throw new AdapterError("ADAPTER_NOTHING_TO_RUN", `image is not set, and ${why}`);
}

function podFiles({ rootDir, files = [] }: PromptBundle): Record<string, Uint8Array> {
  return Object.fromEntries(
    files.map((file) => [path.posix.join(rootDir, file.path), file.content]),
  );
}
