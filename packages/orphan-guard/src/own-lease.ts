import { isDenied, messageOf } from "./answers.ts";
import { type GuardClock, limited } from "./clock.ts";
import type { KnownLease, LeaseStore } from "./lease-store.ts";

export type OwnLeaseOptions = {
  readonly leases: LeaseStore;
  readonly identity: string;
  readonly clock: GuardClock;
  readonly durationMs: number;
  readonly renewEveryMs: number;
  /** Without a renewal for so long, this process no longer counts itself as alive. */
  readonly aliveMs: number;
  /** Told after every renewal; `wasLapsed`: until it, others could have taken the Lease for stale. */
  readonly onRenewed: (wasLapsed: boolean) => void;
};

/** This process's Lease, renewed until it is released. */
export interface OwnLease {
  /**
   * `held`: others see this process as alive. `lapsed`: they may not. `denied`: the last answer was that it
   * may not be written, so whether others do is not up to this process.
   */
  readonly state: "held" | "lapsed" | "denied";
  /** Why the last renewal failed. */
  readonly problem: string | undefined;
  /** How often it was written again after others could have taken this process for dead. */
  readonly lapses: number;
  /** Renews it now unless it is held; whether it is then. */
  ensure(signal: AbortSignal): Promise<boolean>;
  /** Ends renewing, and deletes it. @throws what the deletion throws */
  release(signal: AbortSignal): Promise<void>;
}

/** How far the two clocks may part before the machine counts as suspended meanwhile. */
const suspendMs = 10_000;
const requestMs = 5_000;
const retryMs = 2_000;
/** A right may be granted later; a missing one is no reason to ask all the time. */
const deniedRetryMs = 60_000;

/** Creates the Lease and keeps it. The first attempt is over when this resolves, well or not. */
export async function ownLease(options: OwnLeaseOptions, signal: AbortSignal): Promise<OwnLease> {
  const { leases, identity, clock, durationMs, aliveMs } = options;
  let lease: KnownLease | undefined;
  // Both from before the request that succeeded: what happened since then is not covered by it.
  let success: { readonly at: number; readonly wall: number } | undefined;
  let isRefused = false;
  let isReleased = false;
  let problem: string | undefined;
  let lapses = 0;
  let running: Promise<void> | undefined;
  let disarm: (() => void) | undefined;

  const isHeld = (): boolean => {
    if (success === undefined || isReleased) return false;
    const passed = clock.now() - success.at;
    const wallPassed = clock.wall() - success.wall;
    return passed < aliveMs && Math.abs(wallPassed - passed) <= suspendMs;
  };

  const write = async (within: AbortSignal): Promise<KnownLease> => {
    if (lease !== undefined) {
      const renewed = await leases.renew(lease, within);
      if (renewed.kind === "renewed") return renewed.lease;
    }
    // It is not there, or somebody touched it: an identity is one process's alone, so it stays ours.
    const made = await leases.create(identity, durationMs, within);
    if (made.kind === "created") return made.lease;
    const found = (await leases.list(within)).find((one) => one.identity === identity);
    const renewed = found && (await leases.renew(found, within));
    if (renewed?.kind === "renewed") return renewed.lease;
    throw new Error(`the Lease of ${identity} changes under every write`);
  };

  const attempt = async (outer: AbortSignal): Promise<void> => {
    const wasHeld = isHeld();
    const started = { at: clock.now(), wall: clock.wall() };
    try {
      lease = await limited({ clock, ms: requestMs, outer }, write);
      success = started;
      problem = undefined;
      isRefused = false;
      if (!wasHeld) lapses += 1;
      if (!isReleased) options.onRenewed(!wasHeld);
    } catch (error) {
      problem = messageOf(error);
      isRefused = isDenied(error);
    }
  };

  const renew = (outer: AbortSignal): Promise<void> =>
    (running ??= attempt(outer).finally(() => {
      running = undefined;
      schedule();
    }));

  const schedule = (): void => {
    disarm?.();
    if (isReleased) return;
    disarm = clock.after(pauseMs(), () => void renew(new AbortController().signal));
  };

  const pauseMs = (): number => {
    if (isRefused) return deniedRetryMs;
    return problem === undefined ? options.renewEveryMs : retryMs;
  };

  await renew(signal);
  if (signal.aborted) {
    isReleased = true;
    disarm?.();
    signal.throwIfAborted();
  }
  return {
    get state() {
      if (isHeld()) return "held";
      return isRefused ? "denied" : "lapsed";
    },
    get problem() {
      return problem;
    },
    get lapses() {
      return lapses;
    },
    async ensure(within) {
      if (!isHeld() && !isReleased) await renew(within);
      return isHeld();
    },
    async release(within) {
      isReleased = true;
      disarm?.();
      await running;
      if (lease !== undefined) await leases.delete({ name: lease.name }, within);
    },
  };
}
