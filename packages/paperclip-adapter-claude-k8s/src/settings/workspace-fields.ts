import { field } from "./field.ts";
import type { FieldsOf, WorkspaceSettings } from "./types.ts";
import { dnsName, flag } from "./values.ts";

function toggle(label: string, hint: string) {
  return field(flag, true, {
    expected: "true or false",
    hint,
    form: { label, type: "toggle", default: true },
  });
}

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
  repoCredentialsSecret: field<string | undefined>(dnsName, undefined, {
    expected: "a Secret's name",
    hint: "Secret of the type kubernetes.io/basic-auth in the namespace of the Jobs: username and password for the clone alone. Empty: the login in the repository's URL, else GH_TOKEN or GITHUB_TOKEN of env for github.com.",
    form: { label: "Secret for the clone", type: "text" },
  }),
  requireWorkspace: toggle(
    "Require the project's files",
    "Refuse a task of a project whose files can neither be mounted nor cloned. false: it begins in a folder of the agent's own.",
  ),
};
