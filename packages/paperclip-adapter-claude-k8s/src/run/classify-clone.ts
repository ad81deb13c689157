import type { ContainerExit } from "@claude-k8s/job-watch";
import { cloneExit } from "../workspace/clone-script.ts";
import { incomplete, notStarted, type Outcome } from "./outcome.ts";

/**
 * The words of git, ssh and HTTP for what stays until a person changes a login, an address or a volume. Hosts
 * hide a repository from whom they do not know: not found may mean not allowed.
 */
const lasting: readonly RegExp[] = [
  /Authentication failed|could not read (?:Username|Password)|terminal prompts disabled/i,
  /(?:Permission|access) denied|publickey|Host key verification failed/i,
  /returned error: (?:401|403|404|410)|repository '?[^\n]*'? not found|Repository not found/i,
  /does not appear to be a git repository|access denied or repository not exported/i,
  /transport '[^']*' not allowed|unable to find remote helper|cannot run ssh/i,
  /server certificate verification failed|SSL certificate problem|self.signed certificate/i,
  /No space left on device|Disk quota exceeded|Read-only file system/i,
];

/** The repository could not be cloned, so the program never ran. First match wins; what is not known may pass. */
export function cloneFailed({ code, reason, message = "", oom }: ContainerExit): Outcome {
  const words = message.trim() || `it exited with code ${code ?? "unknown"} (${reason ?? "Error"})`;
  const text = `The repository could not be cloned: ${words}`;
  if (oom !== undefined)
    return mend(`${text}. It ran out of memory: raise resources.limits.memory`);
  if (code === cloneExit.noGit)
    return mend(`${text}. Install git in the image, or set cloneRepo to false`);
  if (code === cloneExit.noSuchRef || lasting.some((known) => known.test(words))) return mend(text);
  return { ...notStarted("k8s_workspace_clone_failed", text), cause: "clone" };
}

function mend(what: string): Outcome {
  return { ...incomplete(what), cause: "clone" };
}
