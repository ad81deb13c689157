import path from "node:path";
import type { ClaimMount } from "../server/claim-mounts.ts";
import { isWithin } from "../within.ts";

/** A folder of the server's that a pod may be asked to mount. */
export interface Place {
  /** Absolute, on the server, without links. */
  readonly onServer: string;
  /** Relative to the claim's root. */
  readonly onClaim: string;
}

/** What is the server's own. */
export interface Keep {
  /** Homes of the server and of its user, without links. */
  readonly homes: readonly string[];
  readonly claim: string;
  readonly mounts: readonly ClaimMount[];
}

/** Of an instance of the server (`instances/ID/…`) these hold folders that agents work in, and nothing else does. */
const workFolders: ReadonlySet<string> = new Set(["projects", "workspaces"]);

/** The image's own there would be hidden, or a user who is not root cannot enter. */
const ofTheImage =
  /^\/(?:bin|boot|dev|etc|lib|lib32|lib64|libx32|proc|root|run|sbin|sys|usr)(?:\/|$)/;
const topFolders: ReadonlySet<string> = new Set(
  ["home", "media", "mnt", "opt", "srv", "tmp", "var"].map((name) => `/${name}`),
);

/** What every pod has at a fixed place. */
const ofThePod: readonly string[] = ["/home/claude", "/tmp"];

/** Why a folder must not be mounted into a pod, to follow its name and a colon; `undefined` when it may. */
export function mayNotMount({ onServer, onClaim }: Place, keep: Keep): string | undefined {
  if (onClaim === "") return "it is the whole claim";
  if (keep.homes.some((home) => isWithin(home, onServer)))
    return "the server's own home lies in it";
  if (keep.homes.some((home) => isServers(path.posix.relative(home, onServer), home, keep.homes)))
    return "the server keeps files of its own there";
  if (ownTrees(keep).some((tree) => isWithin(onClaim, tree) || isWithin(tree, onClaim)))
    return "folders of other runs lie there";
  if (ofTheImage.test(onServer) || topFolders.has(onServer))
    return "in a pod this place is the image's own";
  if (ofThePod.some((own) => isWithin(own, onServer))) return "in a pod this place is taken";
  return onServer.includes(":") ? "a mount's path has no colon" : undefined;
}

/** Settings, logins, plugins and databases; another home inside of this one has rules of its own. */
function isServers(below: string, home: string, homes: readonly string[]): boolean {
  if (/^\.\.(?:\/|$)/.test(below)) return false;
  const inner = homes.find((one) => one !== home && isWithin(path.posix.join(home, below), one));
  if (inner !== undefined && isWithin(inner, home)) return false;
  const [first = "", , kind = "", ...rest] = below.split("/");
  if (first.startsWith(".") || first.startsWith("adapter-")) return true;
  return first === "instances" && (!workFolders.has(kind) || rest.length === 0);
}

/** Where homes, workspaces and bundles of runs are: under the claim's root, and where the server mounts it. */
function ownTrees({ claim, mounts }: Keep): string[] {
  const roots = mounts.filter((mount) => mount.claim === claim).map(({ subPath }) => subPath);
  return ["", ...roots].map((root) => path.posix.join(root, "claude-k8s"));
}
