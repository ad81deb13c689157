import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import type { RunEvidence } from "../run/model.ts";
import { storedWorkspace } from "./stored-workspace.ts";

/** Where pods of an earlier adapter worked when nothing named a folder. */
const earlierDir = "/paperclip";

/**
 * What is stored with the session of an adopted Job that an earlier adapter made: the same that it would have
 * stored. So the next run knows it for what it is, and where its program worked.
 */
export function earlierSession(
  { context }: Pick<AdapterExecutionContext, "context">,
  { transcript }: Pick<RunEvidence, "transcript">,
): Record<string, string> {
  const workspace = storedWorkspace(context);
  return { ...workspace, cwd: transcript.cwd ?? workspace["cwd"] ?? earlierDir };
}
