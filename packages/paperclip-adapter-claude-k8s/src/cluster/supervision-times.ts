/** How soon a process that died counts as gone, and how little is repeated then. In ms; what is absent is the default. */
export interface SupervisionTimes {
  /** After so long without a renewal others may take over. Kubernetes counts it in whole seconds. Default 30,000. */
  readonly leaseMs?: number;
  /** Default 10,000. */
  readonly renewEveryMs?: number;
  /** Without a renewal for so long the process itself writes nothing before there is one. Default 20,000. */
  readonly aliveMs?: number;
  /** How often a Job is told how far its host's copy of the output goes. Default 300,000. */
  readonly noteEveryMs?: number;
}

const defaults = { leaseMs: 30_000, renewEveryMs: 10_000, aliveMs: 20_000, noteEveryMs: 300_000 };

/**
 * A process must stop to act before others may take over, and renew in time for that.
 * @throws TypeError that names the time, what it must be, and what came
 */
export function checkTimes(given: SupervisionTimes = {}): void {
  const times = { ...defaults, ...given };
  for (const [name, ms] of Object.entries(times))
    if (!Number.isSafeInteger(ms) || ms < 1) throw wrong(name, "a whole number of ms above 0", ms);
  const { leaseMs, aliveMs, renewEveryMs } = times;
  if (leaseMs % 1_000 !== 0) throw wrong("leaseMs", "whole seconds", leaseMs);
  if (aliveMs >= leaseMs) throw wrong("aliveMs", `less than leaseMs (${leaseMs})`, aliveMs);
  if (renewEveryMs >= aliveMs)
    throw wrong("renewEveryMs", `less than aliveMs (${aliveMs})`, renewEveryMs);
}

function wrong(name: string, rule: string, came: unknown): TypeError {
  return new TypeError(`supervision.${name} must be ${rule}, not ${String(came)}`);
}
