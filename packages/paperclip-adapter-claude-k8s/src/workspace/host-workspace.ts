import { asString, parseObject } from "@paperclipai/adapter-utils/server-utils";

/** The folder and the repository that the host means a run to work in. */
export interface HostWorkspace {
  /** Absolute, on the server. Absent: the host names none, or one that is none of the task's. */
  readonly folder?: string;
  /** It is a git worktree, which its repository points back to. */
  readonly isWorktree: boolean;
  readonly repository?: HostRepository;
  /** The task is one of a project with a folder or repository: what it is about lies there. */
  readonly isOfProject: boolean;
}

export interface HostRepository {
  /** As the project's owner wrote it. */
  readonly url: string;
  /** Branch, tag or commit to begin at. Absent: the repository's own default branch. */
  readonly ref?: string;
  /** Branch that the host tells the agent to stay on. It need not exist yet. */
  readonly branch?: string;
}

/**
 * Reads the host's context (`paperclipWorkspace`).
 *
 * A task that has a project workspace, or a worktree, needs its files: by the same rule the host keeps its own
 * local adapters from starting in an agent's general folder, which it names when it has none of the project's.
 * An agent's general folder is given up for the `cwd` of its configuration, as the local adapters do.
 */
export function hostWorkspace(
  context: Readonly<Record<string, unknown>>,
  config: Readonly<Record<string, unknown>>,
): HostWorkspace {
  const given = parseObject(context["paperclipWorkspace"]);
  const of = (key: string): string => asString(given[key], "").trim();
  const [cwd, url, ref, branch] = [of("cwd"), of("repoUrl"), of("repoRef"), of("branchName")];
  const isWorktree = of("strategy") === "git_worktree";
  const hasTask = [context["taskId"], context["issueId"]].some((id) => asString(id, "") !== "");
  const isOfProject = hasTask && (of("workspaceId") !== "" || isWorktree);
  const isGeneral = of("source") === "agent_home" || cwd === "";
  const configured = isGeneral ? asString(config["cwd"], "").trim() : "";
  const folder = configured === "" ? cwd : configured;
  const isFallback = isOfProject && folder !== "" && folder === of("agentHome");
  return {
    ...(folder === "" || isFallback ? {} : { folder }),
    isWorktree,
    isOfProject,
    ...(url === ""
      ? {}
      : {
          repository: {
            url,
            ...(ref === "" ? {} : { ref }),
            ...(branch === "" ? {} : { branch }),
          },
        }),
  };
}
