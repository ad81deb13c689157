import { existsSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { parsed } from "../json.ts";
import { mustRun, runCommand } from "./command.ts";
import { repositoryFolder } from "../folders.ts";
import { kubeConfigOf } from "./kubeconfig.ts";
import type { OpenCluster } from "./open-cluster.ts";

/** Programs that make images from files of this machine, for machines that can pull none. */
export interface LocalImageTool {
  readonly image: string;
  readonly kubectl: string;
}

/** The tool, where it lies beside the checkout; absent nearly everywhere. */
export function localImageTool(): LocalImageTool | undefined {
  const folder = resolve(repositoryFolder, "../shared/cluster");
  const image = join(folder, "image");
  return existsSync(image) ? { image, kubectl: join(folder, "kubectl") } : undefined;
}

/** Whether the open cluster is the one that the tool puts its images into. */
export async function isLocalCluster(
  tool: LocalImageTool,
  open: OpenCluster,
  signal: AbortSignal,
): Promise<boolean> {
  const view = await runCommand(tool.kubectl, ["config", "view", "--raw", "--output", "json"], {
    env: { KUBECONFIG: undefined },
    signal,
  });
  if (view.code !== 0) return false;
  const { clusters } = parsed<{ clusters: readonly LocalEntry[] | null }>(view.stdout);
  const ours = kubeConfigOf(open.kubeConfig).getCurrentCluster()?.caData;
  return ours !== undefined && clusters?.[0]?.cluster["certificate-authority-data"] === ours;
}

interface LocalEntry {
  readonly cluster: { readonly "certificate-authority-data"?: string };
}

/** Makes the image of a build context and loads it into the tool's own cluster. */
export async function makeLocally(
  tool: LocalImageTool,
  make: { readonly name: string; readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  const { name, folder, signal } = make;
  const files = [
    `${join(folder, "bin/claude")}=/usr/local/bin/claude`,
    `${join(folder, "share")}=/usr/local/share`,
  ].flatMap((file) => ["--file", file]);
  await mustRun(tool.image, [name, ...base, "--user", "1000", ...files], {
    env: withNode(),
    signal,
  });
}

/** Makes an image that a Dockerfile can begin with, as an archive for `docker load`. */
export async function makeBase(
  tool: LocalImageTool,
  make: { readonly name: string; readonly file: string; readonly signal: AbortSignal },
): Promise<void> {
  const { name, file, signal } = make;
  await mustRun(tool.image, [name, ...base, "--output", file], { env: withNode(), signal });
}

const base = ["--node"];

/** The tool takes the `node` that is first on PATH. */
function withNode(): Record<string, string> {
  const path = process.env["PATH"] ?? "";
  return { PATH: `${dirname(process.execPath)}${delimiter}${path}` };
}
