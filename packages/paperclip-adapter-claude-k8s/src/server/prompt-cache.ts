import path from "node:path";
import type { ProgramFile, RunMount } from "@claude-k8s/k8s-job-manifest";
import type { PaperclipSkillEntry } from "@paperclipai/adapter-utils/server-utils";
import { type BundleFile, bundleKey, bytesOf } from "../bundle/bundle-file.ts";
import { type BundleVolume, keepBundle } from "../bundle/bundle-volume.ts";
import { type BundlePart, type Carrier, fit, secrets, volume } from "../bundle/carrier.ts";
import {
  instructionsName,
  type InstructionsSource,
  readInstructions,
} from "../bundle/instructions.ts";
import { readSkill } from "../bundle/read-skill.ts";

/** What a run takes along besides its prompt. Paths are those in the pod. */
export interface PromptBundle {
  /** Changes when, and only when, the content does; however it gets to the pod. */
  readonly bundleKey: string;
  readonly rootDir: string;
  /** For `--add-dir`: `claude` finds `.claude/skills` below it. */
  readonly addDir: string;
  readonly instructionsFilePath: string | null;
  /** How it gets to the pod; absent when it is already there. */
  readonly delivery?: BundleDelivery;
  /** What was left out, and why. */
  readonly warnings?: readonly string[];
}

/** How a bundle gets to the pod: not at all, for it is empty, in Secrets, or on the run's claim. */
export type BundleDelivery =
  | { readonly kind: "nothing" }
  /** By absolute path in the pod. */
  | { readonly kind: "files"; readonly files: Readonly<Record<string, ProgramFile>> }
  /** `needs`: without it the folder is not the bundle, but one that the kubelet made. */
  | { readonly kind: "folder"; readonly mount: RunMount; readonly needs: string };

export interface BundleRequest {
  readonly skills: readonly PaperclipSkillEntry[];
  /** On this server. */
  readonly instructions?: InstructionsSource | undefined;
  /** What the agent is told of the skills that there are, after its instructions. */
  readonly library?: string | undefined;
  /** Where it is kept; absent: it goes in the run's Secrets. */
  readonly volume?: BundleVolume | undefined;
}

/** Where the bundle lies in the pod. */
const rootDir = "/claude-k8s/bundle";

/**
 * Collects skills and instructions from this server's disk and puts them where the pod will find them. What
 * cannot be read or does not fit is left out and named: a run without one skill is better than none.
 */
export async function prepareClaudePromptBundle(request: BundleRequest): Promise<PromptBundle> {
  const warnings: string[] = [];
  const carrier = request.volume === undefined ? secrets : volume;
  const parts = await readParts(request, carrier, warnings);
  const fitted = fit(parts, carrier);
  if (request.volume === undefined || fitted.files.length === 0)
    return inFiles(fitted.files, [...warnings, ...fitted.warnings]);

  const key = bundleKey(fitted.files);
  const kept = await keepBundle(request.volume, key, fitted.files);
  warnings.push(...kept.warnings);
  if (kept.isKept) return inFolder(request.volume, fitted.files, [...warnings, ...fitted.warnings]);
  const less = fit(parts, secrets);
  return inFiles(less.files, [...warnings, ...less.warnings]);
}

/** What the agent must have comes first, for there may be no room for all. */
async function readParts(
  { skills, instructions, library = "" }: BundleRequest,
  carrier: Carrier,
  warnings: string[],
): Promise<BundlePart[]> {
  const [own, ...beside] = await readInstructions(instructions, library, rootDir, warnings);
  const parts = own === undefined ? [] : [own];
  let read = 0;
  for (const skill of skills) {
    const free = { ...carrier, bytes: Math.max(0, carrier.bytes - read) };
    const part = await readSkill(skill, free, warnings);
    if (part === undefined) continue;
    parts.push(part);
    read += bytesOf(part.files);
  }
  return [...parts, ...beside];
}

function inFiles(files: readonly BundleFile[], warnings: readonly string[]): PromptBundle {
  const byPath = Object.fromEntries(
    files.map(({ path: inside, content, isExecutable }) => {
      const file: ProgramFile = isExecutable ? { content, executable: true } : content;
      return [path.posix.join(rootDir, inside), file];
    }),
  );
  const delivery: BundleDelivery =
    files.length === 0 ? { kind: "nothing" } : { kind: "files", files: byPath };
  return { ...described(files, warnings), delivery };
}

/** Read-only: the same folder is mounted by all runs that have the same. */
function inFolder(
  { folder }: BundleVolume,
  files: readonly BundleFile[],
  warnings: readonly string[],
): PromptBundle {
  const bundle = described(files, warnings);
  const subPath = path.posix.join(folder.onClaim, bundle.bundleKey);
  const mount = { path: rootDir, subPath, readOnly: true };
  // The instructions' file or a skill's folder: what the kubelet makes is empty.
  const needs = path.posix.join(rootDir, ...(files[0]?.path ?? "").split("/").slice(0, 3));
  return { ...bundle, delivery: { kind: "folder", mount, needs } };
}

function described(files: readonly BundleFile[], warnings: readonly string[]): PromptBundle {
  const hasInstructions = files.some((file) => file.path === instructionsName);
  return {
    bundleKey: bundleKey(files),
    rootDir,
    addDir: rootDir,
    instructionsFilePath: hasInstructions ? path.posix.join(rootDir, instructionsName) : null,
    warnings,
  };
}
