import { ownAnnotations } from "../cluster/marks.ts";
import type { JobRun } from "./job-run.ts";
import { positionText } from "./position.ts";
import { withLimit } from "./with-limit.ts";

/** A process that is killed makes the host see again what it got since the last note. */
const everyMs = 300_000;
const limitMs = 30_000;

/** The annotation that says how far the host's copy of the output goes; none before its first line. */
export function positionMarks({ cluster, seen }: JobRun): Record<string, string> {
  return cluster.keepsPositions && seen.delivered !== undefined
    ? { [ownAnnotations.logPosition]: positionText(seen.delivered) }
    : {};
}

/**
 * Writes on the Job every five minutes how far the host's copy of its output goes, when that has changed.
 */
export function notePositions(
  run: JobRun,
  everyMsGiven: number = run.cluster.noteEveryMs ?? everyMs,
): () => void {
  if (!run.cluster.keepsPositions) return () => {};
  let noted: string | undefined;
  let isOver = false;
  const note = async (): Promise<void> => {
    const annotations = positionMarks(run);
    const text = Object.values(annotations)[0];
    if (text === undefined || text === noted || run.seen.isDetached) return;
    try {
      const answer = await withLimit(limitMs, (signal) => run.hold.write({ annotations }, signal));
      if (answer.kind === "done") noted = text;
    } catch {
      // Best effort: the next note, or the detach, makes up for it.
    }
  };
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    timer = globalThis.setTimeout(
      () => void note().finally(() => !isOver && again()),
      everyMsGiven,
    );
  };
  again();
  return () => {
    isOver = true;
    globalThis.clearTimeout(timer);
  };
}
