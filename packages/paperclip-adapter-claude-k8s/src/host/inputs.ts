import { randomUUID } from "node:crypto";
import { unlessAborted } from "@claude-k8s/kube-http";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { asString, parseObject } from "@paperclipai/adapter-utils/server-utils";
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
import { withLimit } from "../run/with-limit.ts";
import { bringEarlierSession, claimRoot } from "../server/earlier-session.ts";
import { prepareClaudePromptBundle } from "../server/prompt-cache.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { textOf } from "../untyped.ts";
import { chooseWorkspace } from "../workspace/choose-workspace.ts";
import { hostWorkspace } from "../workspace/host-workspace.ts";
import { folderToShare, shareWorkspace } from "../workspace/share-workspace.ts";
import { delivered } from "./delivery.ts";
import { envReferences } from "./env-references.ts";
import { toldModel } from "./told-model.ts";

/** What the program is given, and what there is to say about it. */
export interface CollectedInputs extends RunInputs {
  /** For the run's notes at the host. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  /** Stored with the session, so that a later run knows whether it may go on with it. */
  readonly session: Readonly<Record<string, string>>;
}

/** Where session files outlive their pod. */
interface KeptSessions {
  /** Namespace and claim. */
  readonly place: string;
  /** Folder of the claim that is the pod's home. */
  readonly home: string;
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
  const workspace = workspaceOf(host.context);
  const { runtime } = host;
  const stored = isFresh ? undefined : storedSession(runtime);
  const now = {
    place: kept?.place,
    podCwd,
    ...workspace,
    promptBundleKey: bundle.bundleKey,
  };
  const earlier = earlierSessionToBring(stored, runtime.sessionParams, now);
  const brought = earlier && kept && (await bring(earlier, settings, self, kept.home));
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

/** So long may a volume take that hangs. */
const bringMs = 30_000;

/** Puts an earlier adapter's session where the run will look for it. @returns why not, when it could not */
async function bring(
  session: { readonly id: string; readonly cwd: string },
  { workspaceVolumeClaim, namespace }: Settings,
  self: SelfPodInfo,
  home: string,
): Promise<true | string> {
  // A claim of the same name in another namespace is another claim.
  const mounts = (namespace ?? self.namespace) === self.namespace ? (self.claimMounts ?? []) : [];
  const root = claimRoot(mounts, workspaceVolumeClaim);
  if (root === undefined) return `this server does not see the root of ${workspaceVolumeClaim}`;
  const why = await withLimit(bringMs, (signal) =>
    unlessAborted(bringEarlierSession({ ...session, claimRoot: root, home }, signal), signal),
  ).catch(textOf);
  return why ?? true;
}

/** The host's workspace, as it is stored with a session. */
export function workspaceOf(context: Record<string, unknown>): Record<string, string> {
  const given = parseObject(context["paperclipWorkspace"]);
  const kept = ["cwd", "workspaceId", "repoUrl", "repoRef"];
  return Object.fromEntries(
    kept.flatMap((key) => {
      const value = asString(given[key], "");
      return value === "" ? [] : [[key, value] as const];
    }),
  );
}

/** An earlier adapter worked there when the host named no workspace. The host's form stores it for every agent. */
function folderWarning(
  { config, context }: Pick<AdapterExecutionContext, "config" | "context">,
  { path: worksIn, subPath }: Workspace,
): string | undefined {
  const folder = asString(config["cwd"], "");
  const isThere = subPath !== undefined;
  return folder === "" || workspaceOf(context)["cwd"] !== undefined || isThere
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
