import { unlessAborted } from "@claude-k8s/kube-http";
import { withLimit } from "../run/with-limit.ts";
import { type SharedFolder, sharedFolder } from "../server/claim-mounts.ts";
import { mountsSharedWith, type SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { textOf } from "../untyped.ts";
import type { BundleFile } from "./bundle-file.ts";
import { pruneBundles } from "./prune-bundles.ts";
import { putBundle } from "./put-bundle.ts";

/** A disk that hangs answers nothing at all; the run then takes its bundle along in Secrets. */
const putLimitMs = 60_000;

/** Nobody waits for tidiness. */
const pruneLimitMs = 10_000;

/** The folder of the run's claim that bundles are kept in. */
export interface BundleVolume {
  readonly folder: SharedFolder;
  /** Absent: nothing is written, as for a run that will not be. */
  readonly upkeep?: BundleUpkeep | undefined;
}

export interface BundleUpkeep {
  /** Now, in milliseconds since 1970. */
  readonly wallMs: number;
  /** Keys of the bundles that Jobs have mounted. */
  readonly inUse: (signal: AbortSignal) => Promise<ReadonlySet<string>>;
}

/**
 * Where the server can put what pods with the run's claim read: on a claim of its own namespace that it has
 * mounted to write; `undefined` where there is no such place.
 */
export function bundleFolder(settings: Settings, self: SelfPodInfo): SharedFolder | undefined {
  const { workspaceVolumeClaim: claim, namespace } = settings;
  if (claim === undefined) return undefined;
  return sharedFolder(mountsSharedWith(self, namespace), claim, "claude-k8s/bundles");
}

export interface KeptBundle {
  readonly isKept: boolean;
  readonly warnings: readonly string[];
}

/** Puts a bundle on the volume. That this did not work is a warning, for there is another way. */
export async function keepBundle(
  { folder, upkeep }: BundleVolume,
  key: string,
  files: readonly BundleFile[],
): Promise<KeptBundle> {
  if (upkeep === undefined) return { isKept: true, warnings: [] };
  const { onServer } = folder;
  const { wallMs, inUse } = upkeep;
  const warnings: string[] = [];
  try {
    const wrong = await bounded(putLimitMs, (signal) =>
      putBundle(onServer, key, files, { wallMs, signal }),
    );
    if (wrong !== undefined)
      warnings.push(
        `the bundle ${onServer}/${key} was not what was put there and was replaced: ${wrong}`,
      );
  } catch (error) {
    warnings.push(
      `skills and instructions cannot be put on the volume and go in the run's Secrets: ${textOf(error)}`,
    );
    return { isKept: false, warnings };
  }
  try {
    await bounded(pruneLimitMs, (signal) => pruneBundles(onServer, { wallMs, inUse, signal }));
  } catch (error) {
    warnings.push(`bundles that nobody uses could not be removed: ${textOf(error)}`);
  }
  return { isKept: true, warnings };
}

/** No call to a disk can be taken back: what it does later is ignored. */
function bounded<T>(ms: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return withLimit(ms, (signal) => unlessAborted(work(signal), signal));
}
