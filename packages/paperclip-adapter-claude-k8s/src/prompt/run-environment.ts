import {
  applyPaperclipWorkspaceEnv,
  asString,
  asStringArray,
  buildPaperclipEnv,
  parseObject,
  readPaperclipIssueWorkModeFromContext,
  shapePaperclipWorkspaceEnvForExecution,
  stringifyPaperclipWakePayload,
} from "@paperclipai/adapter-utils/server-utils";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { isRecord } from "../untyped.ts";

/** Where the program works and where the agent keeps what is its own, in the pod. */
export interface PodFolders {
  readonly cwd: string;
  readonly agentHome: string;
  /** The workspace is a git worktree of the host's. */
  readonly isWorktree?: boolean;
}

type Texts = Record<string, string>;

/** The parts of the host's context that say who runs, why, and where. */
export type EnvironmentSource = Pick<
  AdapterExecutionContext,
  "agent" | "context" | "runId" | "authToken"
>;

/** What the host tells a run about itself, as its local adapters do, with the pod's paths for the host's. */
export function runEnvironment(
  { agent, context, runId, authToken }: EnvironmentSource,
  folders: PodFolders,
): Texts {
  const of = (...keys: string[]): string =>
    keys.map((key) => asString(context[key], "").trim()).find((value) => value !== "") ?? "";
  const values: Texts = {
    PAPERCLIP_RUN_ID: runId,
    PAPERCLIP_TASK_ID: of("taskId", "issueId"),
    PAPERCLIP_ISSUE_WORK_MODE: readPaperclipIssueWorkModeFromContext(context) ?? "",
    PAPERCLIP_WAKE_REASON: of("wakeReason"),
    PAPERCLIP_WAKE_COMMENT_ID: of("wakeCommentId", "commentId"),
    PAPERCLIP_APPROVAL_ID: of("approvalId"),
    PAPERCLIP_APPROVAL_STATUS: of("approvalStatus"),
    PAPERCLIP_LINKED_ISSUE_IDS: asStringArray(context["issueIds"]).join(","),
    PAPERCLIP_WAKE_PAYLOAD_JSON: stringifyPaperclipWakePayload(context["paperclipWake"]) ?? "",
    PAPERCLIP_RUNTIME_PRIMARY_URL: of("paperclipRuntimePrimaryUrl"),
    PAPERCLIP_RUNTIME_SERVICES_JSON: listed(context["paperclipRuntimeServices"]),
    PAPERCLIP_RUNTIME_SERVICE_INTENTS_JSON: listed(context["paperclipRuntimeServiceIntents"]),
    PAPERCLIP_API_KEY: authToken ?? "",
    ...workspaceEnvironment(context, folders),
  };
  const said = Object.entries(values).filter(([, value]) => value !== "");
  return { ...buildPaperclipEnv(agent), ...Object.fromEntries(said) };
}

/** Folders of the server are not named: an agent would look for them in the pod. */
function workspaceEnvironment(context: Record<string, unknown>, folders: PodFolders): Texts {
  const given = parseObject(context["paperclipWorkspace"]);
  const of = (key: string): string | null => asString(given[key], "") || null;
  const shaped = shapePaperclipWorkspaceEnvForExecution({
    workspaceCwd: of("cwd"),
    workspaceHints: records(context["paperclipWorkspaces"]),
    executionTargetIsRemote: true,
    executionCwd: folders.cwd,
  });
  const env: Texts = {};
  applyPaperclipWorkspaceEnv(env, {
    workspaceCwd: folders.cwd,
    workspaceSource: of("source"),
    workspaceStrategy: of("strategy"),
    workspaceId: of("workspaceId"),
    workspaceRepoUrl: of("repoUrl"),
    workspaceRepoRef: of("repoRef"),
    workspaceBranch: of("branchName"),
    workspaceWorktreePath: folders.isWorktree === true ? folders.cwd : null,
    agentHome: folders.agentHome,
  });
  const hints = shaped.workspaceHints;
  return hints.length === 0 ? env : { ...env, PAPERCLIP_WORKSPACES_JSON: JSON.stringify(hints) };
}

function listed(value: unknown): string {
  const found = records(value);
  return found.length === 0 ? "" : JSON.stringify(found);
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
