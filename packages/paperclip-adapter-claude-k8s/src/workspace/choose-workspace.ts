import type { RunMount } from "@claude-k8s/k8s-job-manifest";
import { AdapterError } from "../errors.ts";
import type { Workspace } from "../run/model.ts";
import { workingDir } from "../run/pod-shape.ts";
import type { Settings } from "../settings/types.ts";
import type { RepositoryClone } from "./clone.ts";
import type { HostRepository, HostWorkspace } from "./host-workspace.ts";
import type { NotToHave, Sharing } from "./share-workspace.ts";
import { githubLogin, readRepository, refProblem } from "./repository.ts";

/** The workspace of a run, and what there is to say about it. */
export interface ChosenWorkspace {
  readonly workspace: Workspace;
  /** Further folders of the claim. */
  readonly claimFolders: readonly RunMount[];
  /** It is the git worktree that the host made. */
  readonly isWorktree: boolean;
  readonly note: string;
  readonly warnings: readonly string[];
}

/**
 * The host's own folder where it can be mounted; else a clone of the project's repository; else a folder of the
 * run's own. The first two have the files that a task of a project is about, the last has none. Pure.
 * @param settings with what is taken over from the server's pod
 * @throws AdapterError `ADAPTER_NO_WORKSPACE` when the task needs files and there is no way to them
 */
export function chooseWorkspace(
  wanted: HostWorkspace,
  sharing: Sharing,
  settings: Settings,
): ChosenWorkspace {
  if (sharing.kind === "mounted") {
    const { path, subPath, beside: claimFolders, warnings } = sharing;
    const note = `Workspace: the server's folder ${path}, on the claim`;
    const { isWorktree } = wanted;
    return { workspace: { path, subPath }, claimFolders, isWorktree, note, warnings };
  }
  const cloning = clone(wanted.repository, settings);
  const warnings = [
    ...(sharing.isSurprise ? [`the server's workspace is not mounted: ${sharing.why}`] : []),
    ...whatEnds(wanted, settings),
  ];
  const own = { claimFolders: [], isWorktree: false };
  if (cloning.kind === "clone") {
    const note = `Workspace: ${workingDir}, a clone of ${cloning.clone.url}`;
    return { ...own, workspace: { path: workingDir, clone: cloning.clone }, note, warnings };
  }
  if (wanted.isOfProject && settings.requireWorkspace)
    throw new AdapterError("ADAPTER_NO_WORKSPACE", refusal(sharing.why, cloning.why));
  const note = `Workspace: ${workingDir}, a folder of the run's own`;
  if (cloning.isSurprise) warnings.push(`the repository is not cloned: ${cloning.why}`);
  return { ...own, workspace: { path: workingDir }, note, warnings };
}

function clone(
  wanted: HostRepository | undefined,
  settings: Settings,
): { readonly kind: "clone"; readonly clone: RepositoryClone } | NotToHave {
  if (!settings.cloneRepo) return none("cloneRepo is off", false);
  if (wanted === undefined) return none("the project names no repository (repoUrl)", false);
  const read = readRepository(wanted.url);
  if ("problem" in read) return none(`repoUrl ${read.problem}`, true);
  const { ref, branch } = wanted;
  for (const [name, value] of Object.entries({ repoRef: ref, branchName: branch })) {
    const problem = value === undefined ? undefined : refProblem(value);
    if (problem !== undefined) return none(`${name} ${problem}`, true);
  }
  const { repoCredentialsSecret: credentialsSecret, env } = settings;
  const login = read.login ?? githubLogin(read.origin, env);
  return {
    kind: "clone",
    clone: {
      ...read,
      ...(ref === undefined ? {} : { ref }),
      ...(branch === undefined ? {} : { branch }),
      ...(credentialsSecret === undefined ? {} : { credentialsSecret }),
      ...(login === undefined ? {} : { login }),
    },
  };
}

function none(why: string, isSurprise: boolean): NotToHave {
  return { kind: "none", why, isSurprise };
}

/** Said only where the host means the run to have a workspace: a run without one loses nothing. */
function whatEnds({ folder, repository }: HostWorkspace, settings: Settings): string[] {
  const hasOne = folder !== undefined || repository !== undefined;
  return hasOne && settings.workspaceVolumeClaim === undefined
    ? ["without a volume, what the agent changes ends with the pod unless it pushes it"]
    : [];
}

function refusal(notShared: string, notCloned: string): string {
  return [
    `The task needs the files of its project, and there is no way to them: the server's folder cannot be mounted (${notShared}), and its repository cannot be cloned (${notCloned}).`,
    "Give runs the server's own volume claim (workspaceVolumeClaim, inheritWorkspace);",
    "or name the repository in the project and leave cloneRepo on;",
    "or set requireWorkspace to false, and the agent begins in an empty folder",
  ].join(" ");
}
