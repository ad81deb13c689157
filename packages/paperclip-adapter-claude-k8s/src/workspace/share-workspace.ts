import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import type { HostWorkspace } from "./host-workspace.ts";
import { serverHomes } from "./server-homes.ts";
import { type MountedFolder, shareFolder } from "./share-folder.ts";
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

/** Looks at the folder on the server's disk. */
export async function shareWorkspace({ folder, claim }: FolderToShare): Promise<Sharing> {
  const shared = await shareFolder(folder, { ...claim, homes: await serverHomes() });
  if (shared.kind === "mounted") return shared;
  return { kind: "none", why: `${folder}: ${shared.why}`, isSurprise: true };
}
