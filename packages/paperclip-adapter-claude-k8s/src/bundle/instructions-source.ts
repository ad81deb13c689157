import { asString } from "@paperclipai/adapter-utils/server-utils";
import type { InstructionsSource } from "./instructions.ts";

/** Where the agent's instructions are: the file that is set, and the host's word on whose folder it is in. */
export function instructionsSource(
  config: Readonly<Record<string, unknown>>,
  file: string | undefined,
): InstructionsSource | undefined {
  if (file === undefined) return undefined;
  const isManaged = config["instructionsBundleMode"] === "managed";
  const root = asString(config["instructionsRootPath"], "").trim();
  return { file, managedRoot: isManaged && root !== "" ? root : undefined };
}
