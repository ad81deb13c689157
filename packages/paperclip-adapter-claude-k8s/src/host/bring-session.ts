import { unlessAborted } from "@claude-k8s/kube-http";
import { withLimit } from "../run/with-limit.ts";
import { bringEarlierSession, claimRoot } from "../server/earlier-session.ts";
import { mountsSharedWith, type SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { textOf } from "../untyped.ts";

/** Where session files outlive their pod. */
export interface KeptSessions {
  /** Namespace and claim. */
  readonly place: string;
  /** Folder of the claim that is the pod's home. */
  readonly home: string;
}

/** So long may a volume take that hangs. */
const bringMs = 30_000;

/** Puts an earlier adapter's session where the run will look for it. @returns why not, when it could not */
export async function bringSession(
  session: { readonly id: string; readonly cwd: string },
  { workspaceVolumeClaim, namespace }: Settings,
  self: SelfPodInfo,
  home: string,
): Promise<true | string> {
  const root = claimRoot(mountsSharedWith(self, namespace), workspaceVolumeClaim);
  if (root === undefined) return `this server does not see the root of ${workspaceVolumeClaim}`;
  const why = await withLimit(bringMs, (signal) =>
    unlessAborted(bringEarlierSession({ ...session, claimRoot: root, home }, signal), signal),
  ).catch(textOf);
  return why ?? true;
}
