import { randomUUID } from "node:crypto";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { asString } from "@paperclipai/adapter-utils/server-utils";
import { type BundleUpkeep, bundleFolder } from "../bundle/bundle-volume.ts";
import { instructionsSource } from "../bundle/instructions-source.ts";
import { AdapterError } from "../errors.ts";
import { claudeArguments } from "../prompt/arguments.ts";
import { mcpConfig, mcpConfigFile } from "../prompt/mcp-config.ts";
import { apiUrlWarning, buildEnvironment, ownVariableWarnings } from "../prompt/environment.ts";
import { buildPrompt } from "../prompt/prompt.ts";
import { chooseSkills, describeSkills } from "../prompt/skills.ts";
import { chooseSession, earlierSessionToBring, storedSession } from "../prompt/session.ts";
import { homeVariables } from "../run/pod-shape.ts";
import { isReservedLabel } from "../run/build.ts";
import type { RunInputs, Workspace } from "../run/model.ts";
import { prepareClaudePromptBundle } from "../server/prompt-cache.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { chooseWorkspace } from "../workspace/choose-workspace.ts";
import { hostWorkspace } from "../workspace/host-workspace.ts";
import { folderToShare, shareWorkspace } from "../workspace/share-workspace.ts";
import { bringSession, type KeptSessions } from "./bring-session.ts";
import { delivered } from "./delivery.ts";
import { envReferences } from "./env-references.ts";
import { storedWorkspace } from "./stored-workspace.ts";
import { toldModel } from "./told-model.ts";

/** What the program is given, and what there is to say about it. */
export interface CollectedInputs extends RunInputs {
  /** For the run's notes at the host. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Stored with the session, so that a later run knows whether it may go on with it. */
  readonly session: Readonly<Record<string, string>>;
}

export interface InputOptions {
  /** Absent: session files end with their pod. */
  readonly kept: KeptSessions | undefined;
  /** The stored session is of no use: begin a new one. */
  readonly isFresh: boolean;
  /** Of the bundles on the volume. Absent: nothing is written there. */
  readonly upkeep?: BundleUpkeep;
}

/** Collects what the program is given, from the host's context, the settings and the server's own pod. */
export async function collectInputs(
  host: AdapterExecutionContext,
  settings: Settings,
  self: SelfPodInfo,
  { kept, isFresh, upkeep }: InputOptions,
): Promise<CollectedInputs> {
  const skills = await chooseSkills(host.config);
  const folder = bundleFolder(settings, self);
  const bundle = await prepareClaudePromptBundle({
    skills: skills.skills,
    instructions: instructionsSource(host.config, settings.instructionsFilePath),
    library: skills.library,
    volume: folder && { folder, upkeep },
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
  const workspace = storedWorkspace(host.context);
  const { runtime } = host;
  const stored = isFresh ? undefined : storedSession(runtime);
  const now = {
    place: kept?.place,
    podCwd,
    ...workspace,
    promptBundleKey: bundle.bundleKey,
  };
  const earlier = earlierSessionToBring(stored, runtime.sessionParams, now);
  const brought = earlier && kept && (await bringSession(earlier, settings, self, kept.home));
  const choice = chooseSession(stored, runtime.sessionParams, now, brought);
  const { resume } = choice;
  const inherited = envReferences(handsOn, settings.namespace ?? self.namespace);
  const references = inherited.references.map(({ name }) => name);
  const told = toldModel(settings, {
    env: { ...environment.env, ...environment.secretEnv },
    references,
  });
  const prompt = buildPrompt(host, settings, resume !== undefined);
  const delivery = delivered(
    bundle,
    mcp.text === undefined ? {} : { [mcpConfigFile]: Buffer.from(mcp.text) },
  );
  const reserved = Object.keys(settings.labels).filter(isReservedLabel);
  return {
    ...(resume === undefined ? {} : { resume }),
    workspace: chosen.workspace,
    ...delivery,
    claimFolders: [...chosen.claimFolders, ...delivery.claimFolders],
    session: { ...workspace, podCwd, promptBundleKey: bundle.bundleKey },
    image,
    prompt: prompt.text,
    promptMetrics: prompt.metrics,
    args: claudeArguments(told.settings, {
      resume,
      instructionsFile: bundle.instructionsFilePath ?? undefined,
      addDir: bundle.delivery?.kind === "nothing" ? undefined : bundle.addDir,
      mcpConfig: mcp.text === undefined ? undefined : mcpConfigFile,
    }),
    ...environment,
    envReferences: inherited.references,
    attempt: randomUUID().slice(0, 8),
    notes: [
      `Image: ${image}`,
      chosen.note,
      describeSkills(skills),
      ...told.notes,
      ...(brought === true
        ? [`Session ${stored} brought over from an earlier adapter's home`]
        : []),
    ],
    warnings: [
      ...chosen.warnings,
      ...skills.missing.map((name) => `the host does not have the files of the skill ${name}`),
      ...(bundle.warnings ?? []),
      ...inherited.warnings,
      ...mcp.warnings,
      ...[choice.warning ?? []].flat(),
      ...[apiUrlWarning(environment) ?? []].flat(),
      ...ownVariableWarnings(settings.env, environment),
      ...[folderWarning(host, chosen.workspace) ?? []].flat(),
      ...reserved.map((key) => `the label ${key} is reserved and was left out`),
    ],
  };
}

/** An earlier adapter worked there when the host named no workspace. The host's form stores it for every agent. */
function folderWarning(
  { config, context }: Pick<AdapterExecutionContext, "config" | "context">,
  { path: worksIn, subPath }: Workspace,
): string | undefined {
  const folder = asString(config["cwd"], "");
  const isThere = subPath !== undefined;
  return folder === "" || storedWorkspace(context)["cwd"] !== undefined || isThere
    ? undefined
    : `the setting cwd (${folder}) is not used any more and was ignored: the program works in ${worksIn}`;
}

function imageOf(settings: Settings, self: SelfPodInfo): string {
  if (settings.image !== undefined) return settings.image;
  const why = settings.inheritImage
    ? (self.unread ?? "the server does not run in a pod whose image could be used")
    : "inheritImage is off";
  throw new AdapterError("ADAPTER_NOTHING_TO_RUN", `image is not set, and ${why}`);
}
