export { createTranscript } from "./create-transcript.ts";
export type { Transcript, TranscriptOptions } from "./create-transcript.ts";
export { parseLine } from "./parse-line.ts";
export { parseStream } from "./parse-stream.ts";
export { add, nothingYet } from "./summary.ts";
export type * from "./event-types.ts";
export type { Noise, NoiseReason } from "./noise-types.ts";
export type {
  ClaudeSummary,
  NoiseSummary,
  PartialFlags,
  ResultSummary,
  StreamEnd,
  SyntheticMessage,
  UsageSource,
} from "./summary-types.ts";
export type { ProcessEnd, Retry, Verdict, VerdictKind } from "./verdict-types.ts";
export { describe } from "./describe.ts";
export { verdict } from "./verdict.ts";
