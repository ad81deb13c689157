import { readFile, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { unless } from "../disk-answer.ts";
import { textOf } from "../untyped.ts";
import { isWithin } from "../within.ts";
import type { BundleFile } from "./bundle-file.ts";
import type { BundlePart } from "./carrier.ts";
import { type FolderLimits, readFolder } from "./read-folder.ts";

/** Where the instructions of an agent are on the server. */
export interface InstructionsSource {
  /** The file whose text goes into the system prompt. */
  readonly file: string;
  /** The folder that the host keeps for the agent, `undefined` where the file is anybody's. */
  readonly managedRoot: string | undefined;
}

/** The text that `claude` is given: path below the bundle's root. */
export const instructionsName = "agent-instructions.md";

/** The folder of the file itself and of those beside it. */
const folder = "instructions";

/** A managed folder is the agent's own: AGENTS.md, HEARTBEAT.md, TOOLS.md and the like. */
const managedLimits = { files: 200, bytes: 4 * 2 ** 20 };

/** What lies beside any other file may be a repository, or a home. */
const besideLimits = { files: 32, bytes: 256 * 1024 };

/**
 * The instructions and the files beside them that they may refer to: first what the agent must have, then what
 * it may miss. What is not taken is named in `warnings`, which grows.
 * @param library told of the skills that there are, after the instructions or instead of them
 * @param rootDir of the bundle, in the pod
 */
export async function readInstructions(
  source: InstructionsSource | undefined,
  library: string,
  rootDir: string,
  warnings: string[],
): Promise<BundlePart[]> {
  const alone = library === "" ? [] : [part(library)];
  if (source === undefined) return alone;
  try {
    const file = await realpath(source.file);
    const content = await readFile(file);
    const root = await rootOf(source, file, warnings);
    const inside = path.relative(root.folder, file).split(path.sep).join("/");
    const entry: BundleFile = { path: `${folder}/${inside}`, content, isExecutable: false };
    const text = `${content.toString("utf8")}\n${note(path.posix.join(rootDir, entry.path))}\n`;
    const own = part([text, library].filter(Boolean).join("\n"));
    const beside = await filesBeside(root, inside, warnings);
    return [{ ...own, files: [...own.files, entry] }, ...beside];
  } catch (error) {
    warnings.push(`instructionsFilePath cannot be read: ${textOf(error)}`);
    return alone;
  }
}

/** The server's own path would lead an agent to a place that the pod does not have. */
function note(file: string): string {
  return (
    `The above agent instructions are the file ${file}. Resolve any relative file references in them from ` +
    `${path.posix.dirname(file)}/, which holds copies of the files beside it, such as ./HEARTBEAT.md, ` +
    `./SOUL.md or ./TOOLS.md where there are any. They cannot be changed from here.`
  );
}

function part(text: string): BundlePart {
  const file = { path: instructionsName, content: Buffer.from(text), isExecutable: false };
  return { what: "the instructions file", files: [file] };
}

interface Root {
  readonly folder: string;
  readonly isManaged: boolean;
}

async function rootOf(
  { managedRoot }: InstructionsSource,
  file: string,
  warnings: string[],
): Promise<Root> {
  const own = { folder: path.dirname(file), isManaged: false };
  if (managedRoot === undefined) return own;
  try {
    const managed = await realpath(managedRoot);
    if (isWithin(file, managed)) return { folder: managed, isManaged: true };
    warnings.push(`instructionsFilePath is not in instructionsRootPath ${managedRoot}`);
  } catch (error) {
    warnings.push(`instructionsRootPath cannot be read: ${textOf(error)}`);
  }
  return own;
}

async function filesBeside(root: Root, entry: string, warnings: string[]): Promise<BundlePart[]> {
  const what = "what lies beside the instructions file";
  try {
    if (!root.isManaged && (await isThere(path.join(root.folder, ".git")))) {
      warnings.push(`${what} was left out: it is a repository`);
      return [];
    }
    const { files, left } = await readFolder(root.folder, limitsOf(root));
    for (const one of left) warnings.push(`the instructions go without ${one}`);
    const others = files.filter((file) => file.path !== entry);
    const below = others.map((file) => ({ ...file, path: `${folder}/${file.path}` }));
    return below.length === 0 ? [] : [{ what, files: below }];
  } catch (error) {
    warnings.push(`${what} was left out: ${textOf(error)}`);
    return [];
  }
}

function limitsOf({ isManaged }: Root): FolderLimits {
  return isManaged
    ? { ...managedLimits, isPassedOver: isHidden }
    : {
        ...besideLimits,
        isPassedOver: (name) => isHidden(name) || !isMarkdown(name),
        isFlat: true,
      };
}

function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "node_modules";
}

function isMarkdown(name: string): boolean {
  return name.toLowerCase().endsWith(".md");
}

async function isThere(file: string): Promise<boolean> {
  return (await unless(["ENOENT"], stat(file))) === undefined;
}
