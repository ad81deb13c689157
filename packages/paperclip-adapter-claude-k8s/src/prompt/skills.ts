import {
  isPaperclipSkillSourceMissing,
  type PaperclipSkillEntry,
  readPaperclipRuntimeSkillEntries,
  resolveLegacyPaperclipDesiredSkillNames,
} from "@paperclipai/adapter-utils/server-utils";
import { buildSkillLibraryManifestMarkdown } from "@paperclipai/adapter-utils/skill-library-manifest";

/** The skills a run takes along. */
export interface ChosenSkills {
  readonly skills: readonly PaperclipSkillEntry[];
  /** Wanted skills whose files the host does not have. */
  readonly missing: readonly string[];
  /** For the system prompt: which skills there are besides; absent when the host offers none. */
  readonly library?: string;
}

/** Hosts before 2026.5 marked entries themselves instead of naming them in the agent's preferences. */
type MarkedEntry = PaperclipSkillEntry & { desired?: boolean; required?: boolean };

/** Picks the skills that the agent wants or that the host requires, among those the host offers. */
export async function chooseSkills(config: Record<string, unknown>): Promise<ChosenSkills> {
  const offered: MarkedEntry[] = await readPaperclipRuntimeSkillEntries(
    config,
    import.meta.dirname,
  );
  const wanted = new Set(resolveLegacyPaperclipDesiredSkillNames(config, offered));
  const chosen = offered.filter(
    (entry) => wanted.has(entry.key) || entry.desired === true || entry.required === true,
  );
  const library = buildSkillLibraryManifestMarkdown({
    entries: offered,
    desiredSkillKeys: new Set(chosen.map(({ key }) => key)),
  });
  return {
    ...(library === null ? {} : { library }),
    skills: chosen.filter((entry) => !isPaperclipSkillSourceMissing(entry)),
    missing: chosen.filter(isPaperclipSkillSourceMissing).map((entry) => entry.runtimeName),
  };
}

/** One line for the transcript and the run's notes, such as `Skills bundled (2): sdlc, safety`. */
export function describeSkills({ skills }: ChosenSkills): string {
  const names = skills.map(({ runtimeName }) => runtimeName).join(", ");
  return `Skills bundled (${skills.length}): ${names === "" ? "none" : names}`;
}
