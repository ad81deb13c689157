import { unlessAborted } from "@claude-k8s/kube-http";
import { withLimit } from "../run/with-limit.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { textOf } from "../untyped.ts";
import type { HostWorkspace } from "./host-workspace.ts";
import { serverHomes } from "./server-homes.ts";
import { type MountedFolder, type RefusedFolder, shareFolder } from "./share-folder.ts";
import { type SharedClaim, sharedClaim } from "./shared-claim.ts";

/** Not to be had. `isSurprise`: the settings let one expect it. */
export interface NotToHave {
  readonly kind: "none";
  readonly why: string;
  readonly isSurprise: boolean;
}

/** What came of the host's folder. */
export type Sharing = MountedFolder | NotToHave;

/** The host's folder may be one of the pod's: it has to be looked at. */
export interface FolderToShare {
  readonly kind: "folder";
  readonly folder: string;
  readonly claim: Extract<SharedClaim, { kind: "shared" }>;
}

/** Whether there is a folder to look at, from what is known without looking. Pure. */
export function folderToShare(
  { folder }: HostWorkspace,
  settings: Settings,
  self: SelfPodInfo,
): FolderToShare | NotToHave {
  const claim = sharedClaim(settings, self);
  if (claim.kind === "none") return { ...claim, isSurprise: false };
  if (folder !== undefined) return { kind: "folder", folder, claim };
  return { kind: "none", why: "the server has no folder of the task's", isSurprise: false };
}

/** A disk that hangs answers nothing at all. */
const limitMs = 30_000;

/** Looks at the folder on the server's disk. */
export async function shareWorkspace({ folder, claim }: FolderToShare): Promise<Sharing> {
  const notToHave = (why: string): NotToHave => {
    return { kind: "none", why: `${folder}: ${why}`, isSurprise: true };
  };
  try {
    const shared = await withLimit(limitMs, (signal) =>
      unlessAborted(lookAt(folder, claim), signal),
    );
    return shared.kind === "mounted" ? shared : notToHave(shared.why);
  } catch (error) {
    return notToHave(`the server cannot look at it: ${textOf(error)}`);
  }
}

async function lookAt(
  folder: string,
  claim: FolderToShare["claim"],
): Promise<MountedFolder | RefusedFolder> {
  return shareFolder(folder, { ...claim, homes: await serverHomes() });
}
