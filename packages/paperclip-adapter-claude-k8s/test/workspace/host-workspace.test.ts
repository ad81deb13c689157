import { expect, test } from "vitest";
import { type HostWorkspace, hostWorkspace } from "../../src/workspace/host-workspace.ts";

const agentHome = "/paperclip/instances/default/workspaces/a1";
const project = "/paperclip/instances/default/projects/c/p/site";
const task = { taskId: "t1" };

test.each<
  [
    what: string,
    given: Record<string, unknown>,
    context: Record<string, unknown>,
    config: Record<string, unknown>,
    wanted: HostWorkspace,
  ]
>([
  ["nothing", {}, {}, {}, { isWorktree: false, isOfProject: false }],
  [
    "the folder of a project",
    { cwd: project, source: "project_primary", workspaceId: "w", agentHome },
    task,
    { cwd: "/elsewhere" },
    { folder: project, isWorktree: false, isOfProject: true },
  ],
  [
    "a worktree",
    { cwd: `${project}/.paperclip/worktrees/x`, source: "task_session", strategy: "git_worktree" },
    task,
    {},
    { folder: `${project}/.paperclip/worktrees/x`, isWorktree: true, isOfProject: true },
  ],
  [
    "a project's folder that is not there: the host names the agent's general one in its place",
    {
      cwd: agentHome,
      source: "project_primary",
      workspaceId: "w",
      agentHome,
      repoUrl: "https://git.example/r",
      repoRef: "main",
      branchName: "issue-7",
    },
    task,
    {},
    {
      isWorktree: false,
      isOfProject: true,
      repository: { url: "https://git.example/r", ref: "main", branch: "issue-7" },
    },
  ],
  [
    "a project without folder or repository: nothing lies anywhere",
    { cwd: project, source: "project_primary", projectId: "p", workspaceId: null },
    task,
    {},
    { folder: project, isWorktree: false, isOfProject: false },
  ],
  [
    "a timer without a task works on no project's files",
    { cwd: project, source: "project_primary", workspaceId: "w" },
    {},
    {},
    { folder: project, isWorktree: false, isOfProject: false },
  ],
  [
    "the agent's general folder",
    { cwd: agentHome, source: "agent_home", agentHome },
    task,
    {},
    { folder: agentHome, isWorktree: false, isOfProject: false },
  ],
  [
    "the folder of the agent's configuration goes before its general one",
    { cwd: agentHome, source: "agent_home", agentHome },
    task,
    { cwd: "/paperclip/repos/site" },
    { folder: "/paperclip/repos/site", isWorktree: false, isOfProject: false },
  ],
])("the host's workspace: %s", (_what, paperclipWorkspace, context, config, wanted) => {
  expect(hostWorkspace({ ...context, paperclipWorkspace }, config)).toEqual(wanted);
});
