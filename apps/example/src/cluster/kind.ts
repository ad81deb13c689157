import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mustRun, runCommand } from "./command.ts";
import { appFolder } from "../folders.ts";

export interface KindCluster {
  readonly name: string;
  readonly kubeConfig: string;
  /** Removes the cluster. Safe to repeat. */
  remove(): Promise<void>;
}

export interface KindOptions {
  readonly name: string;
  /** Node image; absent: kind's own default. */
  readonly nodeImage: string | undefined;
  readonly signal: AbortSignal;
}

/** A cluster that does not come up in this time does not come. */
const readyWithin = "120s";
/** Removing takes 2 s; an engine that hangs must not hold the terminal for ever. */
const removeWithinMs = 60_000;

/**
 * Makes a kind cluster from `kind.yaml`. What was half made is removed when it fails or is
 * interrupted, and the caller's own kubeconfig is never touched.
 */
export async function createKindCluster(options: KindOptions): Promise<KindCluster> {
  const folder = await mkdtemp(join(tmpdir(), "claude-k8s-kind-"));
  const kubeconfig = join(folder, "kubeconfig");
  const remove = async (): Promise<void> => {
    await removeKindCluster(options.name, kubeconfig);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const image = options.nodeImage === undefined ? [] : ["--image", options.nodeImage];
    const place = ["--config", join(appFolder, "kind.yaml"), "--kubeconfig", kubeconfig];
    await mustRun(
      "kind",
      ["create", "cluster", "--name", options.name, ...place, ...image, "--wait", readyWithin],
      { signal: options.signal },
    );
    return { name: options.name, kubeConfig: await readFile(kubeconfig, "utf8"), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function removeKindCluster(name: string, kubeconfig: string): Promise<void> {
  await runCommand("kind", ["delete", "cluster", "--name", name, "--kubeconfig", kubeconfig], {
    signal: AbortSignal.timeout(removeWithinMs),
  });
}
