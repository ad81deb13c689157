import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";

/**
 * The folders in which the server and its user keep what is their own, without links. By the host's rule its
 * home is `PAPERCLIP_HOME`, else `.paperclip` in the user's.
 */
export async function serverHomes(): Promise<readonly string[]> {
  const user = homedir();
  const named = process.env["PAPERCLIP_HOME"]?.replace(/^~(?=\/|$)/, user);
  const homes = [named || path.join(user, ".paperclip"), user];
  const real = await Promise.all(homes.map((home) => realOf(path.resolve(home))));
  return [...new Set(real)];
}

/** A home that is not there has no links either. */
async function realOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch {
    return folder;
  }
}
