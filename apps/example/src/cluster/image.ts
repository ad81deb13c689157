import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ExampleError } from "../errors.ts";
import { mustRun } from "./command.ts";
import { buildByDocker } from "./docker-image.ts";
import { folderHash } from "./folder-hash.ts";
import { isLocalCluster, localImageTool, makeLocally } from "./local-image.ts";
import type { OpenCluster } from "./open-cluster.ts";

/** An image that the cluster has. */
export interface ProvidedImage {
  readonly name: string;
  /** Folders in it whose `sh` is that shell, by its name; none when it was not made here. */
  readonly shells: Readonly<Record<string, string>>;
}

export interface ImageOptions {
  /** An image that the cluster has or can pull; absent: one is made from this checkout. */
  readonly image: string | undefined;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * An image whose `claude` is the replay, on the cluster's nodes. Its tag says what is in it, so
 * that no node goes on with an older one.
 * @throws ExampleError `EXAMPLE_NO_IMAGE` when none can be put there from here
 */
export async function provideImage(
  open: OpenCluster,
  options: ImageOptions,
): Promise<ProvidedImage> {
  if (options.image !== undefined) return { name: options.image, shells: {} };
  const { say, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), "claude-k8s-image-"));
  try {
    // Loaded when it is wanted: it brings a bundler with it.
    const { writeImageContext } = await import("../replay/image-context.ts");
    const { shells } = await writeImageContext(folder);
    const name = `claude-replay:${await folderHash(folder)}`;
    if (open.kindName !== undefined) {
      say(`building ${name}`);
      await buildByDocker({ name, folder, say, signal });
      const target = ["load", "docker-image", name, "--name", open.kindName];
      await mustRun("kind", target, { signal });
      return { name, shells };
    }
    const tool = localImageTool();
    if (tool !== undefined && (await isLocalCluster(tool, open, signal))) {
      say(`making ${name}`);
      await makeLocally(tool, { name, folder, signal });
      return { name, shells };
    }
    throw new ExampleError("EXAMPLE_NO_IMAGE", howTo);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const howTo = `an image cannot be put on this cluster from here: name one that it has or can pull by --image.
It is built from apps/example/image/Dockerfile:
  node --conditions=@claude-k8s/source apps/example/src/replay/build-image-context.ts FOLDER
  docker build --tag REGISTRY/claude-replay FOLDER`;
