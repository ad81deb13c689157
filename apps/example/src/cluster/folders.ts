import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** `apps/example`. */
export const appFolder: string = resolve(import.meta.dirname, "../..");

/** The recorded sessions. */
export const recordingsFolder: string = join(appFolder, "recordings");

/** The checkout. */
export const repositoryFolder: string = resolve(appFolder, "../..");

/**
 * Programs beside the checkout that make images from files of this machine, for machines that can
 * pull none; absent nearly everywhere.
 */
export function localImageTool(): { readonly image: string; readonly kubectl: string } | undefined {
  const folder = resolve(repositoryFolder, "../shared/cluster");
  const image = join(folder, "image");
  return existsSync(image) ? { image, kubectl: join(folder, "kubectl") } : undefined;
}
