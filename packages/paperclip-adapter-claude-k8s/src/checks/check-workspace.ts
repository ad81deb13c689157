import type { Settings } from "../settings/types.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import { sharedClaim } from "../workspace/shared-claim.ts";
import { type Check, passed, warned } from "./check.ts";

const code = "claude_k8s_workspace";

/** Where tasks of a project get their files from, as far as it does not depend on the task. Pure. */
export function workspaceCheck(settings: Settings, self: SelfPodInfo): Check {
  const shared = sharedClaim(settings, self);
  if (shared.kind === "shared")
    return passed(code, `Tasks work in the server's own folders on the claim ${shared.claim}.`);
  const why = `the server's folders are not mounted, for ${shared.why}`;
  if (settings.cloneRepo) return passed(code, `Repositories of projects are cloned: ${why}.`);
  return warned(
    code,
    settings.requireWorkspace
      ? `Tasks of a project with files are refused: ${why}, and cloneRepo is off.`
      : `Tasks of a project begin in an empty folder: ${why}, and cloneRepo is off.`,
    "Set cloneRepo, or give runs the server's own volume claim.",
  );
}
