import { textOf } from "../untyped.ts";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { PaperclipSkillEntry } from "@paperclipai/adapter-utils/server-utils";

/** A file of the bundle: path below its root, and content. */
interface BundleFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** What a run takes along besides its prompt. Paths are those in the pod. */
export interface PromptBundle {
  /** Changes when, and only when, the content does. */
  readonly bundleKey: string;
  readonly rootDir: string;
  /** For `--add-dir`: `claude` finds `.claude/skills` below it. */
  readonly addDir: string;
  readonly instructionsFilePath: string | null;
  /** What must be put below `rootDir`; absent when it is already there. */
  readonly files?: readonly BundleFile[];
  /** What was left out, and why. */
  readonly warnings?: readonly string[];
}

export interface BundleRequest {
  readonly skills: readonly PaperclipSkillEntry[];
  /** On this server. Its text is taken along with a word on where relative paths lead. */
  readonly instructionsFilePath: string | undefined;
  /** What the agent is told of the skills that there are, after its instructions. */
  readonly library?: string;
}

/** Where the bundle lies in the pod. */
const rootDir = "/claude-k8s/bundle";

/**
 * A Secret holds at most 1 MiB (Kubernetes, `MaxSecretSize`), and the prompt and the run's environment go
 * into one as well.
 */
const maxBundleBytes = 640 * 1024;

/**
 * Collects skills and instructions from this server's disk. What cannot be read or does not fit is left out
 * and named: a run without one skill is better than none.
 */
export async function prepareClaudePromptBundle(request: BundleRequest): Promise<PromptBundle> {
  const warnings: string[] = [];
  const files: BundleFile[] = [];
  let room = maxBundleBytes;
  const take = (what: string, found: readonly BundleFile[]): boolean => {
    const size = found.reduce((sum, { content }) => sum + content.length, 0);
    const fits = size <= room;
    if (fits) {
      files.push(...found);
      room -= size;
    } else {
      warnings.push(`${what} was left out: ${size} bytes, and ${room} are free`);
    }
    return fits;
  };

  const instructions = await readInstructions(request, warnings);
  const hasInstructions =
    instructions !== undefined && take("the instructions file", [instructions]);
  for (const skill of request.skills) {
    const found = await readSkill(skill, warnings);
    if (found !== undefined) take(`the skill ${skill.runtimeName}`, found);
  }
  return {
    bundleKey: hashOf(files),
    rootDir,
    addDir: rootDir,
    instructionsFilePath: hasInstructions ? path.posix.join(rootDir, instructionsName) : null,
    files,
    warnings,
  };
}

const instructionsName = "agent-instructions.md";

async function readInstructions(
  { instructionsFilePath: from, library = "" }: BundleRequest,
  warnings: string[],
): Promise<BundleFile | undefined> {
  const alone = { path: instructionsName, content: Buffer.from(library) };
  const other = library === "" ? undefined : alone;
  if (from === undefined) return other;
  try {
    const text = await readFile(from, "utf8");
    const note = `\nThe above agent instructions were loaded from ${from} on the Paperclip server.\n`;
    return {
      path: instructionsName,
      content: Buffer.from([text + note, library].filter(Boolean).join("\n")),
    };
  } catch (error) {
    warnings.push(`instructionsFilePath cannot be read: ${textOf(error)}`);
    return other;
  }
}

async function readSkill(
  skill: PaperclipSkillEntry,
  warnings: string[],
): Promise<BundleFile[] | undefined> {
  try {
    const root = `.claude/skills/${skill.runtimeName}`;
    const entries = await readdir(skill.source, { recursive: true, withFileTypes: true });
    // Links are not followed: they could lead anywhere on the server.
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .toSorted();
    return await Promise.all(
      paths.map(async (file) => ({
        path: path.posix.join(root, path.relative(skill.source, file).split(path.sep).join("/")),
        content: await readFile(file),
      })),
    );
  } catch (error) {
    warnings.push(`the skill ${skill.runtimeName} cannot be read: ${textOf(error)}`);
    return undefined;
  }
}

function hashOf(files: readonly BundleFile[]): string {
  const hash = createHash("sha256");
  for (const file of files.toSorted((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${file.path}\0${file.content.length}\0`).update(file.content);
  return hash.digest("hex");
}
