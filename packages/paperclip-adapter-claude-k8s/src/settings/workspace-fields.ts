import { nameOf, toggle } from "./field.ts";
import type { FieldsOf, WorkspaceSettings } from "./types.ts";

/** Where the files come from that a task is about. */
export const workspaceFields: FieldsOf<WorkspaceSettings> = {
  inheritWorkspace: toggle(
    "Work in the server's folders",
    "Mount the server's own folder of the task, and the git repository it belongs to, when they lie on the volume claim of the run. false: for agents that must not write where the server runs git.",
  ),
  cloneRepo: toggle(
    "Clone the repository",
    "Clone the repository of the task's project before the program starts, when the server's folder cannot be mounted. The image needs git.",
  ),
  repoCredentialsSecret: nameOf(
    "a Secret",
    "Secret for the clone",
    "Secret of the type kubernetes.io/basic-auth in the namespace of the Jobs: username and password for the clone alone. Empty: the login in the repository's URL, else GH_TOKEN or GITHUB_TOKEN of env for github.com.",
  ),
  requireWorkspace: toggle(
    "Require the project's files",
    "Refuse a task of a project whose files can neither be mounted nor cloned. false: it begins in a folder of the agent's own.",
  ),
};
