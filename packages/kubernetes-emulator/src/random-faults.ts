import { EmulatorError } from "./errors.ts";
import type { Fault, FaultPattern, FaultRule } from "./fault-types.ts";
import { createRandom } from "./random.ts";

export interface RandomFaultOptions {
  /** The same seed and options make the same plan. */
  readonly seed: number;
  /** How many faults. Default 5. */
  readonly count?: number;
  /** They meet different ones of the first so many matching requests. Default four times `count`. */
  readonly among?: number;
  /** Which requests. Default: all. `nth` is chosen. */
  readonly on?: Omit<FaultPattern, "nth">;
  /** Default: all but `duplicate`, and stalls and delays end. */
  readonly kinds?: readonly Fault["kind"][];
  /** Faults of the body are this many bytes into it at most. Default 4096. */
  readonly maxAfterBytes?: number;
  /** Longest stall or delay, milliseconds. Default 50. */
  readonly maxMs?: number;
}

const allKinds: readonly Fault["kind"][] = [
  "status",
  "refuse",
  "lose-reply",
  "delay",
  "cut",
  "stall",
  "garbage",
];

/**
 * A fault plan by chance: plain JSON that `faults.add` takes, each rule for one request.
 *
 * Throws EmulatorError `EMULATOR_OPTION_INVALID`.
 */
export function randomFaults(options: RandomFaultOptions): FaultRule[] {
  const { seed, count = 5, on = {}, kinds = allKinds, maxAfterBytes = 4096, maxMs = 50 } = options;
  const { among = count * 4 } = options;
  if (!(among >= count)) {
    throw new EmulatorError(
      "EMULATOR_OPTION_INVALID",
      `among: expected a number of at least count (${count}), got ${among}`,
    );
  }
  if (kinds.length === 0) {
    throw new EmulatorError(
      "EMULATOR_OPTION_INVALID",
      "kinds: expected at least one kind of fault, got none",
    );
  }
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const chances: Chances = {
    upTo: (most) => below(most + 1),
    pick: (choices) => {
      const choice = choices[below(choices.length)];
      if (choice === undefined) throw new Error("nothing to choose from");
      return choice;
    },
    maxAfterBytes,
    maxMs,
  };
  const numbers = new Set<number>();
  while (numbers.size < count) numbers.add(1 + below(among));
  return [...numbers]
    .toSorted((a, b) => a - b)
    .map((nth) => ({ on: { ...on, nth }, do: makeFault(chances.pick(kinds), chances) }));
}

interface Chances {
  readonly upTo: (most: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
  readonly maxAfterBytes: number;
  readonly maxMs: number;
}

function makeFault(kind: Fault["kind"], chances: Chances): Fault {
  const { upTo, pick, maxMs } = chances;
  const afterBytes = upTo(chances.maxAfterBytes);
  const at = pick(["byte", "byte", "character", "line"] as const);
  switch (kind) {
    case "status":
      return statusFault(pick([429, 500, 502, 503, 504]));
    case "refuse":
    case "lose-reply":
      return { kind };
    case "delay":
      return { kind, ms: upTo(maxMs), of: pick(["request", "answer"] as const) };
    case "cut":
      return { kind, how: pick(["clean", "close", "reset"] as const), afterBytes, at };
    case "stall": {
      const next = pick(["continue", "continue", "clean", "close", "reset"] as const);
      return { kind, forMs: upTo(maxMs), next, afterBytes, at };
    }
    case "garbage":
      return { kind, bytes: pick(garbage), next: "end", afterBytes, at: pick(["byte", "line"]) };
    case "duplicate":
      break;
  }
  return { kind, what: pick(["request", "event"] as const), afterBytes };
}

function statusFault(status: number): Fault {
  return status === 429
    ? { kind: "status", status, retryAfterSeconds: 0 }
    : { kind: "status", status };
}

/** None ends in a newline: glued to half a line it would be a whole one that nobody can tell. */
const garbage: readonly string[] = [
  "unable to retrieve container logs for containerd://0123456789abcdef",
  "rpc error: code = Unavailable desc = error reading from server: EOF",
  "<html><body><h1>502 Bad Gateway</h1></body></html>",
  "\u0000\u0000\u0000\u0000",
];
