import type { GuardClock } from "../../src/clock.ts";
import type { Random } from "./random.ts";

/** A process of the model. What a dead one asked for is never answered. */
export type Process = {
  readonly name: string;
  isDead: boolean;
  /** Virtual time until which it does not run. */
  pausedUntil: number;
  /** How much of the time its monotonic clock has stood still, in suspends. */
  suspendedMs: number;
};

type Pending = {
  readonly process: Process;
  readonly label: string;
  readonly carryOut: () => unknown;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
};
type Timer = {
  readonly at: number;
  readonly process: Process | undefined;
  readonly run: () => void;
};

export type WorldOptions = {
  readonly random: Random;
  /** Probabilities at each step. */
  readonly crash: number;
  readonly pause: number;
  /** Of a call: its reply gets lost, or it never arrives. */
  readonly lose: number;
  readonly onCrash: (process: Process) => void;
};

/**
 * Time, and who gets on when: one call at a time is carried out, of whichever process the seed says; between
 * any two calls a process may crash or stand still. Time passes only when nobody has a call under way.
 */
export class World {
  now = 0;
  steps = 0;
  readonly trace: string[] = [];
  readonly processes: Process[] = [];
  #pending: Pending[] = [];
  #timers: Timer[] = [];
  readonly #options: WorldOptions;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  start(name: string): Process {
    const process: Process = { name, isDead: false, pausedUntil: 0, suspendedMs: 0 };
    this.processes.push(process);
    return process;
  }

  /** A process's own clocks. Its wall clock is hours off, and that must not matter. */
  clock(process: Process): GuardClock {
    const skew = this.#options.random.whole(-10, 10) * 3_600_000;
    return {
      now: () => this.now - process.suspendedMs,
      wall: () => this.now + skew,
      after: (ms, run) => this.after(ms, run, process),
    };
  }

  after(ms: number, run: () => void, process?: Process): () => void {
    const timer = { at: this.now + ms, process, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** A request of a process, carried out when the seed says. */
  call<T>(process: Process, label: string, carryOut: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const taken = (value: unknown): void => resolve(value as T);
      this.#pending.push({ process, label, carryOut, resolve: taken, reject });
    });
  }

  kill(process: Process, why: string): void {
    process.isDead = true;
    this.trace.push(`${this.now} ${process.name} ${why}`);
    // What it had asked for may still be carried out, and nobody hears of it.
    for (const call of this.#pending.filter((one) => one.process === process))
      if (this.#options.random.chance(0.5)) quietly(call.carryOut);
    this.#pending = this.#pending.filter((one) => one.process !== process);
    this.#timers = this.#timers.filter((one) => one.process !== process);
  }

  /** Runs until `isOver`, or says why it does not get there. */
  async run(
    isOver: () => boolean,
    limits: { steps: number; ms: number },
  ): Promise<string | undefined> {
    for (;;) {
      await settled();
      if (isOver()) return undefined;
      this.steps += 1;
      if (this.steps > limits.steps) return `not over after ${limits.steps} steps`;
      if (this.now > limits.ms) return `not over after ${limits.ms} ms`;
      if (!this.#step()) return "nobody waits for anything, and it is not over";
    }
  }

  #step(): boolean {
    const { random, crash, pause } = this.#options;
    const ready = this.#pending.filter(({ process }) => process.pausedUntil <= this.now);
    if (ready.length === 0) return this.#passTime();
    const call = ready[random.whole(0, ready.length - 1)];
    if (call === undefined) return false;
    if (random.chance(crash)) {
      this.kill(call.process, "crashes");
      this.#options.onCrash(call.process);
      return true;
    }
    if (random.chance(pause)) {
      const ms = random.whole(1, 90_000);
      const isSuspend = random.chance(0.3);
      call.process.pausedUntil = this.now + ms;
      if (isSuspend) call.process.suspendedMs += ms;
      this.trace.push(`${this.now} ${call.process.name} stands still for ${ms} ms`);
      return true;
    }
    this.#pending = this.#pending.filter((one) => one !== call);
    this.#carryOut(call);
    return true;
  }

  #carryOut({ process, label, carryOut, resolve, reject }: Pending): void {
    const { random, lose } = this.#options;
    const lost = random.chance(lose) ? (random.chance(0.5) ? "request" : "reply") : undefined;
    this.trace.push(
      `${this.now} ${process.name} ${label}${lost === undefined ? "" : ` (${lost} lost)`}`,
    );
    try {
      const value = lost === "request" ? undefined : carryOut();
      if (lost === undefined) resolve(value);
      else reject(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    } catch (error) {
      reject(error);
    }
  }

  #passTime(): boolean {
    const woken = this.#pending.map(({ process }) => process.pausedUntil);
    const next = Math.min(...this.#timers.map(due), ...woken);
    if (!Number.isFinite(next)) return false;
    this.now = Math.max(this.now, next);
    const now = this.#timers.filter((timer) => due(timer) <= this.now);
    const timer = now[this.#options.random.whole(0, Math.max(0, now.length - 1))];
    if (timer === undefined) return true;
    this.#timers = this.#timers.filter((one) => one !== timer);
    timer.run();
    return true;
  }
}

/** A timer of a process that stands still runs when it goes on. */
function due({ at, process }: Timer): number {
  return Math.max(at, process?.pausedUntil ?? 0);
}

/** Everything that follows from what was just done has been done. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function quietly(work: () => unknown): void {
  try {
    work();
  } catch {
    // Its caller is dead.
  }
}
