import { join, resolve } from "node:path";

/** `apps/example`. */
export const appFolder: string = resolve(import.meta.dirname, "..");

/** The recorded sessions. */
export const recordingsFolder: string = join(appFolder, "recordings");

/** The checkout. */
export const repositoryFolder: string = resolve(appFolder, "../..");
