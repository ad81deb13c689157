import type { TextTarget } from "./text-target.ts";

/** What a command works in. All of it is given, so that tests give their own. */
export interface Surroundings {
  readonly stdout: TextTarget;
  readonly stderr: TextTarget;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted with an `EndReason` to end the command early. */
  readonly signal: AbortSignal;
  /** Ms since the epoch, for ages. */
  readonly now: () => number;
}

/** Says something beside the output. */
export function say({ stderr }: Surroundings, text: string): Promise<void> {
  return stderr.write(`${text}\n`);
}

export function printJson({ stdout }: Surroundings, value: unknown): Promise<void> {
  return stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
}
