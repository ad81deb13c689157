import type { ClaimMount } from "../server/claim-mounts.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";

/** What of the server's folders a pod can be given. */
export type SharedClaim =
  | { readonly kind: "shared"; readonly claim: string; readonly mounts: readonly ClaimMount[] }
  /** None of them; why. */
  | { readonly kind: "none"; readonly why: string };

/**
 * Whether pods can be given folders that the server sees: only of a claim that both have, and only where it is
 * the same one, in the server's own namespace.
 * @param settings with what is taken over from the server's pod
 */
export function sharedClaim(settings: Settings, self: SelfPodInfo): SharedClaim {
  const { workspaceVolumeClaim: claim, inheritWorkspace, namespace } = settings;
  if (!inheritWorkspace) return none("inheritWorkspace is off");
  if (claim === undefined) return none("the run has no volume claim (workspaceVolumeClaim)");
  if (self.unread !== undefined)
    return none(`the server's own pod could not be read: ${self.unread}`);
  if (namespace !== undefined && namespace !== self.namespace)
    return none(`the run is in ${namespace}, the server in ${self.namespace}`);
  const mounts = (self.claimMounts ?? []).filter((mount) => mount.claim === claim);
  if (mounts.length === 0) return none(`the server does not have the claim ${claim}`);
  return { kind: "shared", claim, mounts: self.claimMounts ?? [] };
}

function none(why: string): SharedClaim {
  return { kind: "none", why };
}
