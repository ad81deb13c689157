import type { ContainerExit, JobEnd } from "@claude-k8s/job-watch";
import type { RunEnd, RunEvidence } from "../../src/run/model.ts";
import type { Outcome } from "../../src/run/outcome.ts";
import { historyBook } from "../../src/run/history.ts";
import { runTranscript } from "../../src/run/transcript.ts";

/** A row of a classification table: when …, with this output, the outcome has these members. */
export type Row = [when: string, end: RunEnd, lines: readonly string[], wanted: Partial<Outcome>];

export const fact: Pick<JobEnd, "evidence" | "sure"> = {
  evidence: [{ source: "pod", fact: "seen" }],
  sure: true,
};

export function exit(code: number | undefined, rest: Partial<ContainerExit> = {}): ContainerExit {
  return { container: "claude", code, ...rest };
}

export function ended(end: JobEnd): RunEnd {
  return { kind: "ended", end, logEnd: "verified" };
}

export function exited(code: number | undefined, rest: Partial<ContainerExit> = {}): RunEnd {
  return ended({ kind: "exited", exit: exit(code, rest), ...fact });
}

/** A run that ended so, after its program wrote these lines. */
export function evidence(
  end: RunEnd,
  lines: readonly string[],
  sessionKept: boolean = false,
): RunEvidence {
  const transcript = runTranscript();
  for (const line of lines) transcript.push(`${line}\n`, 1);
  const job = { namespace: "runs", name: "claude-x", uid: "u", reattached: false };
  const mayHaveStarted = lines.length > 0;
  return {
    end,
    job,
    pod: "claude-x-abc",
    mayHaveStarted,
    sessionKept,
    transcript: transcript.end(),
    history: historyBook().close(),
  };
}
