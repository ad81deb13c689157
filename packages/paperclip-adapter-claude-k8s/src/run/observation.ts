import type { ContainerExit } from "@claude-k8s/job-watch";
import type { JobRun } from "./job-run.ts";
import { type HistoryBook, historyBook } from "./history.ts";
import type { RunEnd, RunEvidence, RunInputs } from "./model.ts";
import type { Position } from "./position.ts";
import { runTranscript, type RunTranscript } from "./transcript.ts";

/** What a run has seen so far. It grows while the Job is followed, and is there whatever ends the following. */
export interface Observation {
  readonly transcript: RunTranscript;
  readonly history: HistoryBook;
  /** The log's connection is open: what the program writes now is heard. */
  isListening: boolean;
  pod: { readonly name: string; readonly uid?: string } | undefined;
  exit: ContainerExit | undefined;
  /** Seen running, ended, or heard of by its output. */
  hasStarted: boolean;
  /** Not seen running, but nothing keeps it from it: the cluster's word comes up to a second late. */
  mayHaveStarted: boolean;
  /** Output of the program was read. */
  hasOutput: boolean;
  /** Of the last line the host has taken. */
  delivered: Position | undefined;
  /** Lines that the host is taking now. */
  handing: Promise<void>;
  /** Of the log of an adopted Job the beginning is gone, and with it some of the usage. */
  isPartial: boolean;
  /** What comes from now on is for the run that adopts the Job. */
  isDetached: boolean;
}

/** Nothing is known yet: of a Job that was let go, that it may have started. */
export function newObservation(
  delivered?: Position,
  history: HistoryBook = historyBook(),
): Observation {
  return {
    transcript: runTranscript(),
    history,
    isListening: false,
    pod: undefined,
    exit: undefined,
    hasStarted: false,
    mayHaveStarted: true,
    hasOutput: false,
    delivered,
    handing: Promise.resolve(),
    isPartial: false,
    isDetached: false,
  };
}

/** The evidence of a run that never had a Job. */
export function nothingSeen(end: RunEnd, history: HistoryBook = historyBook()): RunEvidence {
  return {
    end,
    job: undefined,
    pod: undefined,
    mayHaveStarted: false,
    sessionKept: false,
    transcript: runTranscript().end(),
    history: history.close(),
  };
}

/** What is known at the end of a run that had one. */
export function evidenceOf(
  end: RunEnd,
  { job, seen, settings }: JobRun,
  inputs: RunInputs | undefined,
): RunEvidence {
  return {
    end,
    job,
    pod: seen.pod?.name,
    mayHaveStarted: seen.hasStarted || seen.mayHaveStarted,
    ...(seen.isPartial ? { isPartial: true } : {}),
    // What an earlier adapter's pod wrote is not where pods of ours look for it.
    sessionKept: settings.workspaceVolumeClaim !== undefined && job.ofEarlierAdapter === undefined,
    transcript: seen.transcript.end(),
    history: seen.history.close(),
    ...(inputs === undefined ? {} : { given: inputs }),
  };
}
