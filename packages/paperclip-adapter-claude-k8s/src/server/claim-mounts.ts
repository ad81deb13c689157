import path from "node:path";
import type { Volume, VolumeMount } from "@claude-k8s/k8s-job-manifest";
import { isWithin } from "../within.ts";

/** A claim, or a folder of it, as the server's own pod sees it. */
export interface ClaimMount {
  readonly claim: string;
  /** Absolute, in the server's container, without a slash at its end. */
  readonly mountPath: string;
  /** Folder of the claim that is mounted; empty for the whole. */
  readonly subPath: string;
  readonly isReadOnly: boolean;
}

/**
 * What of its claims a container sees. A mount whose folder is made up of variables (`subPathExpr`) leads to
 * an unknown place of the claim and is left out.
 */
export function claimMounts(
  mounts: readonly (VolumeMount & { readonly subPathExpr?: string })[],
  volumes: readonly Volume[],
): ClaimMount[] {
  return mounts.flatMap(({ name, mountPath, subPath = "", subPathExpr, readOnly }) => {
    const claim = volumes.find((volume) => volume.name === name)?.persistentVolumeClaim;
    if (claim?.claimName === undefined || subPathExpr !== undefined) return [];
    return [
      {
        claim: claim.claimName,
        mountPath: withoutEnd(mountPath),
        subPath: withoutEnd(path.posix.normalize(subPath)).replace(/^\.$/, ""),
        isReadOnly: readOnly === true || claim.readOnly === true,
      },
    ];
  });
}

/**
 * Where a path of the server's lies on a claim: relative to the claim's root, `""` for the root itself.
 * `undefined` when it is on no mount of that claim. Of mounts within each other the inner one counts; `path`
 * is taken as it is, so links are to be resolved before.
 */
export function folderOnClaim(
  mounts: readonly ClaimMount[],
  claim: string,
  serverPath: string,
): string | undefined {
  const wanted = withoutEnd(path.posix.normalize(serverPath));
  const holding = mountHolding(mounts, wanted);
  if (holding?.claim !== claim) return undefined;
  return withoutStart(path.posix.join(holding.subPath, wanted.slice(holding.mountPath.length)));
}

/** The mount at this path of the server's, or nearest above it. */
export function mountHolding(
  mounts: readonly ClaimMount[],
  serverPath: string,
): ClaimMount | undefined {
  return mounts
    .filter(({ mountPath }) => isWithin(serverPath, mountPath))
    .toSorted((one, other) => other.mountPath.length - one.mountPath.length)[0];
}

/** A folder of a claim, as both sides name it. */
export interface SharedFolder {
  /** Absolute, on the server. */
  readonly onServer: string;
  /** Relative to the claim's root, as a mount's `subPath`. */
  readonly onClaim: string;
}

/** A folder in which the server can write what pods with this claim read; `undefined` when it has none. */
export function sharedFolder(
  mounts: readonly ClaimMount[],
  claim: string,
  name: string,
): SharedFolder | undefined {
  const mount = mounts.find((one) => one.claim === claim && !one.isReadOnly);
  if (mount === undefined) return undefined;
  return {
    onServer: path.posix.join(mount.mountPath === "" ? "/" : mount.mountPath, name),
    onClaim: path.posix.join(mount.subPath, name),
  };
}

function withoutEnd(text: string): string {
  return text.replace(/\/+$/, "");
}

function withoutStart(text: string): string {
  return text === "." ? "" : text.replace(/^\/+/, "");
}
