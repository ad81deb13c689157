import type { JobWarning } from "./level.ts";
import type { JobReader } from "./ports.ts";
import type { JobRef } from "./types.ts";

/**
 * Why a Job has no pod, where events can be read. They are a help for people: without the right to
 * them, or while they cannot be read, the wait is only less well explained.
 */
export async function readWarning(
  reader: JobReader,
  job: JobRef,
  signal: AbortSignal,
): Promise<JobWarning | undefined> {
  try {
    return await reader.readWarning?.(job, signal);
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
