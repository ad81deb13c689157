import type { State } from "../states/state.ts";
import type { Made } from "../states/record-state.ts";
import { redacted } from "./redact.ts";

/** A recording: a line about it, the Job as it was made, then a line a message. */
export function formatStates(recording: {
  readonly state: State;
  readonly gitVersion: string;
  readonly made: Made;
  readonly names: ReadonlyMap<string, string>;
}): string {
  const { state, gitVersion, made, names } = recording;
  const head = {
    state: state.name,
    kubernetes: gitVersion,
    uid: made.job.metadata?.uid,
    policy: state.policy,
    end: state.end,
    evidence: state.evidence?.source,
  };
  const lines = [head, ...made.messages].map((one) => JSON.stringify(redacted(one, names)));
  return `${lines.join("\n")}\n`;
}
