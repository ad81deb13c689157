import type { AdapterSkillContext, AdapterSkillSnapshot } from "@paperclipai/adapter-utils";
import {
  buildRuntimeMountedSkillSnapshot,
  readPaperclipRuntimeSkillEntries,
  resolveLegacyPaperclipDesiredSkillNames,
} from "@paperclipai/adapter-utils/server-utils";
import { adapterType } from "../cluster/marks.ts";

/** The agent's skills as the host's page shows them: each run takes along what is chosen when it begins. */
export async function skillSnapshot({
  config,
}: Pick<AdapterSkillContext, "config">): Promise<AdapterSkillSnapshot> {
  const availableEntries = await readPaperclipRuntimeSkillEntries(config, import.meta.dirname);
  return buildRuntimeMountedSkillSnapshot({
    adapterType,
    availableEntries,
    desiredSkills: resolveLegacyPaperclipDesiredSkillNames(config, availableEntries),
    configuredDetail: "The next run's pod gets it, in the Secret of its input.",
    missingDetail: "The server does not have the files of this skill.",
  });
}
