import type { RunInputs } from "../run/model.ts";
import type { PromptBundle } from "../server/prompt-cache.ts";

/** How the bundle gets to the pod, beside other files. One that the bundle says nothing of is there already. */
export function delivered(
  { bundleKey, delivery }: PromptBundle,
  others: RunInputs["files"],
): Pick<RunInputs, "claimFolders" | "files" | "needs" | "keptBundle"> {
  const plain = { claimFolders: [], files: others, needs: [] };
  if (delivery?.kind === "files") return { ...plain, files: { ...delivery.files, ...others } };
  if (delivery?.kind !== "folder") return plain;
  const { mount, needs } = delivery;
  return { ...plain, claimFolders: [mount], needs: [needs], keptBundle: bundleKey };
}
