import type { Connection } from "./connection.ts";
import type { Follower } from "./follower.ts";
import { probe, type Probed } from "./probe.ts";
import { hashOf, type LogRecord } from "./record.ts";
import { hasEnded, standingOf } from "./standing.ts";

/** What is known of a stream that has been silent since its last byte. */
export type Silence = {
  /** The container was asked about, and it had ended. */
  readonly ended: boolean;
  /** Why the stream, should it go on, is not to be believed as it is. */
  readonly doubt: Doubt | undefined;
  /** How long to wait before the next look. */
  readonly patienceMs: number;
  /** When the log is probed next, and how long after that once more. */
  readonly probeAt: number;
  readonly probeEveryMs: number;
};

/** The log has more than the stream has shown, or could not be asked. */
export type Doubt = Exclude<Probed, { kind: "same" }>;

/** A follow ends about a second after its container; this long after, it never will. */
const endMs = 3_000;
/** What the log has shows on a follow about a second later; this long after, it never will. */
const showMs = 2_000;
/** Between two probes of a silent stream, at most. */
const probeMaxMs = 300_000;

export function newSilence({ clock, limits: { quietMs } }: Follower): Silence {
  const probeAt = clock.now() + quietMs;
  const probeEveryMs = 2 * quietMs;
  return { ended: false, doubt: undefined, patienceMs: quietMs, probeAt, probeEveryMs };
}

/**
 * Asks how the container stands and, less and less often, what the log holds. Silence alone is no reason to leave a
 * stream: a program may think for hours.
 */
export async function look(
  follower: Follower,
  connection: Connection,
  silence: Silence,
): Promise<Silence> {
  const { clock, limits } = follower;
  const { quietMs } = limits;
  const standing = await standingOf(follower);
  if (hasEnded(standing)) {
    // The container of a deleted Pod may go on through its grace period, and only this stream has its output.
    const patienceMs = standing.kind === "terminated" ? Math.min(endMs, quietMs) : quietMs;
    return { ...silence, ended: true, patienceMs };
  }
  const now = clock.now();
  if (now < silence.probeAt) return { ...silence, patienceMs: quietMs };
  const { probeEveryMs } = silence;
  const probed = await probe(follower, connection);
  return {
    ended: false,
    doubt: probed.kind === "same" ? undefined : probed,
    patienceMs: probed.kind === "more" ? Math.min(showMs, quietMs) : quietMs,
    probeAt: now + probeEveryMs,
    probeEveryMs: Math.max(quietMs, Math.min(probeMaxMs, 2 * probeEveryMs)),
  };
}

/** Whether the first line after a silence is the one that the log has there. */
export function isNext(doubt: Doubt, record: LogRecord): boolean {
  return doubt.kind === "more" && doubt.next === hashOf(record);
}
