import { randomUUID } from "node:crypto";
import path from "node:path";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { AdapterError } from "../errors.ts";
import { claudeArguments } from "../prompt/arguments.ts";
import { apiUrlWarning, buildEnvironment } from "../prompt/environment.ts";
import { buildPrompt } from "../prompt/prompt.ts";
import { chooseSkills, describeSkills } from "../prompt/skills.ts";
import { isReservedLabel } from "../run/build.ts";
import type { RunInputs } from "../run/model.ts";
import { prepareClaudePromptBundle, type PromptBundle } from "../server/prompt-cache.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { envReferences } from "./env-references.ts";

/** What the program is given, and what there is to say about it. */
export interface CollectedInputs extends RunInputs {
  /** For the run's notes at the host. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}

/** Collects what the program is given, from the host's context, the settings and the server's own pod. */
export async function collectInputs(
  host: AdapterExecutionContext,
  settings: Settings,
  self: SelfPodInfo,
  resume: string | undefined,
): Promise<CollectedInputs> {
  const skills = await chooseSkills(host.config);
  const bundle = await prepareClaudePromptBundle({
    skills: skills.skills,
    instructionsFilePath: settings.instructionsFilePath,
  });
  const image = imageOf(settings, self);
  const handsOn = settings.inheritEnv ? self : { namespace: self.namespace };
  const environment = buildEnvironment(host, settings.env, handsOn.inheritedEnv ?? {});
  const inherited = envReferences(handsOn, settings.namespace ?? self.namespace);
  const prompt = buildPrompt(host, settings, resume !== undefined);
  const reserved = Object.keys(settings.labels).filter(isReservedLabel);
  return {
    image,
    prompt: prompt.text,
    promptMetrics: prompt.metrics,
    args: claudeArguments(settings, {
      resume,
      instructionsFile: bundle.instructionsFilePath ?? undefined,
      addDir: bundle.files?.length === 0 ? undefined : bundle.addDir,
    }),
    ...environment,
    envReferences: inherited.references,
    files: podFiles(bundle),
    attempt: randomUUID().slice(0, 8),
    notes: [`Image: ${image}`, describeSkills(skills)],
    warnings: [
      ...skills.missing.map((name) => `the host does not have the files of the skill ${name}`),
      ...(bundle.warnings ?? []),
      ...inherited.warnings,
      ...[apiUrlWarning(environment) ?? []].flat(),
      ...reserved.map((key) => `the label ${key} is reserved and was left out`),
    ],
  };
}

function imageOf(settings: Settings, self: SelfPodInfo): string {
  if (settings.image !== undefined) return settings.image;
  const why = settings.inheritImage
    ? (self.unread ?? "the server does not run in a pod whose image could be used")
    : "inheritImage is off";
  throw new AdapterError("ADAPTER_NOTHING_TO_RUN", `image is not set, and ${why}`);
}

function podFiles({ rootDir, files = [] }: PromptBundle): Record<string, Uint8Array> {
  return Object.fromEntries(
    files.map((file) => [path.posix.join(rootDir, file.path), file.content]),
  );
}
