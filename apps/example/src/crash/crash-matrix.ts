import { recordingsFolder } from "../folders.ts";
import { recordedBytes } from "../recorder/recording.ts";
import { findRecording } from "../replay/recordings-folder.ts";
import type { KillPoint } from "../proofs/api-gate.ts";
import { type CrashEvidence, crashRecording, crashRun } from "./crash-run.ts";
import type { CrashSettings } from "./crash-settings.ts";
import { type CrashVerdict, judgeCrash } from "./judge-crash.ts";
import { killPoints } from "./kill-points.ts";

export interface CrashRow {
  readonly point: KillPoint;
  readonly evidence: CrashEvidence;
  readonly verdict: CrashVerdict;
}

/** What comes by time, such as a renewal, may not come in one life, and come in the next. */
const tries = 3;

/** All points of a life, as one that nobody ends shows them. */
export async function rehearse(settings: CrashSettings): Promise<readonly KillPoint[]> {
  const { first, programs } = await crashRun(settings, undefined);
  const [result] = first.results;
  if (result?.exitCode !== 0 || programs.started !== 1) {
    const what = result?.errorMessage ?? `exit code ${result?.exitCode}`;
    throw new Error(`without a crash: ${programs.started} programs, and the result ${what}`);
  }
  return killPoints(first.calls, Buffer.byteLength(first.output));
}

/** Kills at each point, `atOnce` lives at a time; each row is told as it is known. */
export async function crashMatrix(
  settings: CrashSettings,
  points: readonly KillPoint[],
  { atOnce, onRow }: { readonly atOnce: number; readonly onRow: (row: CrashRow) => void },
): Promise<readonly CrashRow[]> {
  const recorded = recordedBytes(await findRecording(recordingsFolder, crashRecording), "stdout");
  const rows = new Map<KillPoint, CrashRow>();
  const waiting = [...points];
  const worker = async (): Promise<void> => {
    for (let point = waiting.shift(); point !== undefined; point = waiting.shift()) {
      let evidence = await crashRun(settings, point);
      for (let tried = 1; tried < tries && !evidence.wasKilled; tried += 1)
        evidence = await crashRun(settings, point);
      const row = { point, evidence, verdict: judgeCrash(evidence, recorded) };
      rows.set(point, row);
      onRow(row);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return points.flatMap((point) => rows.get(point) ?? []);
}
