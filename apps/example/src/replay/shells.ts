import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";

/** Where `copyShells` puts its folder in the image. */
const folderInImage = "/usr/local/share/shells";

/** Shells that need nothing but what every image with Node has, on machines like that image's. */
const wanted = ["dash", "busybox"];
const usualFolders = ["/bin", "/usr/bin"];

/**
 * Copies this machine's shells, each as `sh` in a folder of its own: with that folder first on PATH a pod has
 * this shell. Answers those that there are, by name, with their folders in the image.
 */
export async function copyShells(folder: string): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder, { recursive: true });
  const found: Record<string, string> = {};
  for (const name of process.platform === "linux" ? wanted : []) {
    const program = usualFolders.map((bin) => join(bin, name)).find((path) => existsSync(path));
    if (program === undefined) continue;
    const copy = join(folder, name, "sh");
    await mkdir(join(folder, name));
    await copyFile(program, copy);
    await chmod(copy, 0o755);
    found[name] = `${folderInImage}/${name}`;
  }
  return found;
}
