import type { PaperclipSkillEntry } from "@paperclipai/adapter-utils/server-utils";
import { textOf } from "../untyped.ts";
import type { BundlePart, Carrier } from "./carrier.ts";
import { readFolder } from "./read-folder.ts";

/** Where `claude` looks for skills, below a folder that it is given by `--add-dir`. */
const skillsFolder = ".claude/skills";

/** The files of a skill, where `claude` finds them. One that cannot be read is named in `warnings`, which grows. */
export async function readSkill(
  { runtimeName, source }: PaperclipSkillEntry,
  { files, bytes }: Carrier,
  warnings: string[],
): Promise<BundlePart | undefined> {
  const what = `the skill ${runtimeName}`;
  if (!isFolderName(runtimeName)) {
    warnings.push(`${what} was left out: that is no name of a folder`);
    return undefined;
  }
  try {
    const content = await readFolder(source, { files, bytes, isPassedOver: isGit });
    for (const left of content.left) warnings.push(`${what} goes without ${left}`);
    const below = (path: string): string => `${skillsFolder}/${runtimeName}/${path}`;
    return { what, files: content.files.map((file) => ({ ...file, path: below(file.path) })) };
  } catch (error) {
    warnings.push(`${what} cannot be read and was left out: ${textOf(error)}`);
    return undefined;
  }
}

/** Nobody reads it, and it is another with each fetch. */
function isGit(name: string): boolean {
  return name === ".git";
}

/** One part of a path that leads down, and that a mount can have. */
function isFolderName(name: string): boolean {
  return /^[^/\\:\0]+$/.test(name) && name !== "." && name !== "..";
}
