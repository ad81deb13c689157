import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** What a claim holds: the files of its folder by their path inside it, as they are now. */
export function claimFiles(folder: string): Map<string, Uint8Array> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => [relative(folder, file).split(sep).join("/"), readFileSync(file)]),
  );
}
