import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { textOf } from "../untyped.ts";
import { isWithin } from "../within.ts";
import type { BundleFile } from "./bundle-file.ts";

export interface FolderLimits {
  readonly files: number;
  readonly bytes: number;
  /** Names that are passed over, with all that is below them. */
  readonly isPassedOver: (name: string) => boolean;
  /** Folders in the folder are passed over, too. */
  readonly isFlat?: boolean;
}

export interface FolderContent {
  /** By their paths inside the folder, sorted. */
  readonly files: readonly BundleFile[];
  /** What was not taken, and why, such as `a (a link out of the folder)`. */
  readonly left: readonly string[];
}

/** Levels of folders: more is no skill, but something that goes round. */
const deepest = 32;

/**
 * Reads the files of a folder. A link is followed to a file of the same folder and nowhere else: it could lead
 * anywhere on the server. What is neither file nor folder is not opened, for it may never answer.
 * @throws when the folder cannot be read, or has more than the limits
 */
export async function readFolder(folder: string, limits: FolderLimits): Promise<FolderContent> {
  const root = await realpath(folder);
  const files: BundleFile[] = [];
  const left: string[] = [];
  let bytes = 0;
  const take = async (file: string, inside: string): Promise<void> => {
    const { size, mode } = await stat(file);
    bytes += size;
    if (bytes > limits.bytes || files.length >= limits.files) throw tooLarge(limits);
    const content = await readFile(file);
    bytes += content.length - size; // It may have grown meanwhile.
    files.push({ path: inside, content, isExecutable: (mode & 0o100) !== 0 });
  };
  const walk = async (at: string, inside: string, depth: number): Promise<void> => {
    if (depth > deepest) throw new Error(`folders more than ${deepest} deep`);
    const entries = await readdir(at, { withFileTypes: true });
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (limits.isPassedOver(entry.name)) continue;
      const file = path.join(at, entry.name);
      const name = path.posix.join(inside, entry.name);
      if (entry.isFile()) await take(file, name);
      else if (entry.isDirectory() && limits.isFlat !== true) await walk(file, name, depth + 1);
      else if (entry.isDirectory()) continue;
      else {
        const target = await linkedFile(entry, file, root);
        if (target.file === undefined) left.push(`${name} (${target.why})`);
        else await take(target.file, name);
      }
      if (left.length > limits.files) throw tooLarge(limits);
    }
  };
  await walk(root, "", 1);
  return { files, left };
}

type Linked =
  | { readonly file: string; readonly why?: never }
  | { readonly file?: never; readonly why: string };

async function linkedFile(entry: Dirent, link: string, root: string): Promise<Linked> {
  if (!entry.isSymbolicLink()) return { why: "neither file nor folder" };
  try {
    const file = await realpath(link);
    if (!isWithin(file, root)) return { why: "a link out of the folder" };
    return (await stat(file)).isFile() ? { file } : { why: "a link to what is no file" };
  } catch (error) {
    return { why: `a link that leads nowhere: ${textOf(error)}` };
  }
}

function tooLarge({ files, bytes }: FolderLimits): Error {
  return new Error(`it has more than ${files} files or ${bytes} bytes`);
}
