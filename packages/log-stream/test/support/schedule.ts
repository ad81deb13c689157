import { type FaultRule, randomFaults } from "@claude-k8s/kubernetes-emulator";
import * as fc from "fast-check";

/** What a program writes at once, and how long it thinks after it. */
type Write = {
  readonly text: string;
  readonly to: "stdout" | "stderr";
  readonly thenMs: number;
};

/** What happens to the node, so long after what happened before, first the program's start. */
export type NodeEvent = {
  readonly afterMs: number;
  readonly what: "rotate" | "restart-kubelet" | "clock-back" | "clock-on";
};

/** One run of a program, its log, its node, its network and its follower. Plain JSON, made from a number. */
export type Schedule = {
  readonly seed: number;
  readonly writes: readonly Write[];
  readonly code: number;
  readonly zone: string;
  readonly clockGrainMs: number;
  /** Every follow stays on a file that is rotated, until the next rotation. */
  readonly stuckFollow: boolean;
  readonly node: readonly NodeEvent[];
  readonly faults: readonly FaultRule[];
  /** The follower is left after so many batches, and another resumes from its last cursor; over and over. */
  readonly leaveAfter: number | undefined;
  /** The consumer takes so long over every event. */
  readonly consumerMs: number;
};

const line = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom("", "x", "same", "ünï—💡", "cr\r", " 2026-01-01T00:00:00Z "),
  },
  { weight: 4, arbitrary: fc.string({ unit: "grapheme", maxLength: 120 }) },
  { weight: 1, arbitrary: fc.integer({ min: 500, max: 40_000 }).map((size) => "ß".repeat(size)) },
);

const write: fc.Arbitrary<Write> = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 12 }),
    to: fc.constantFrom("stdout" as const, "stdout" as const, "stderr" as const),
    thenMs: fc.constantFrom(0, 0, 0, 1, 2, 5, 15),
  })
  .map(({ lines, ...rest }) => ({
    ...rest,
    text: lines.map((text) => `${text.replaceAll("\n", "")}\n`).join(""),
  }));

/**
 * A kubelet rotates at most once in ten seconds, and a silence is looked into after eight. Scaled to milliseconds the
 * margin has to be wider: timers of a busy machine are late by as much.
 */
const nodeEvent: fc.Arbitrary<NodeEvent> = fc.record({
  afterMs: fc.integer({ min: 100, max: 160 }),
  what: fc.constantFrom("rotate", "rotate", "restart-kubelet", "clock-back", "clock-on"),
});

const schedule = fc.record({
  writes: fc.array(write, { maxLength: 30, size: "max" }),
  ending: fc.constantFrom("", "", "no newline", "ü".repeat(9_000)),
  code: fc.constantFrom(0, 3),
  zone: fc.constantFrom("Z", "Z", "+02:00"),
  clockGrainMs: fc.constantFrom(0, 0, 1, 10),
  stuckFollow: fc.boolean(),
  node: fc.array(nodeEvent, { maxLength: 3 }),
  firstEventMs: fc.nat({ max: 100 }),
  logFaults: fc.nat({ max: 8 }),
  podFaults: fc.nat({ max: 3 }),
  leaveAfter: fc.option(fc.integer({ min: 1, max: 12 }), { nil: undefined, freq: 3 }),
  consumerMs: fc.constantFrom(0, 0, 0, 1, 4),
});

/** The schedule of a number: the same one every time. */
export function scheduleOf(seed: number): Schedule {
  const [made] = fc.sample(schedule, { seed, numRuns: 1 });
  if (made === undefined) throw new Error("no sample");
  const { ending, logFaults, podFaults, firstEventMs, writes, node, ...rest } = made;
  // A stream that is stuck over a second rotation has lost lines, and nothing in the cluster tells.
  const rotations = node.filter(({ what }) => what === "rotate").length;
  const on = { verb: "get", resource: "pods" };
  return {
    ...rest,
    seed,
    stuckFollow: rest.stuckFollow && rotations < 2,
    node: node.map((event, i) => (i === 0 ? { ...event, afterMs: firstEventMs } : event)),
    writes: ending === "" ? writes : [...writes, { text: ending, to: "stdout", thenMs: 0 }],
    faults: [
      ...randomFaults({ seed, count: logFaults, among: 12, on: { ...on, subresource: "log" } }),
      ...randomFaults({ seed, count: podFaults, among: 9, on: { ...on, subresource: "" } }),
    ],
  };
}

/** The lines of the log, as a runtime keeps them: a final carriage return is not. */
export function linesOf({ writes }: Schedule): string[] {
  const text = writes.map((one) => one.text).join("");
  const lines = text.split("\n");
  // What comes after the last newline is a line only if it is something.
  if (lines.at(-1) === "") lines.pop();
  return lines.map((one) => (one.endsWith("\r") ? one.slice(0, -1) : one));
}

/** Whether the kubelet can lose lines before they are read. */
export function rotates({ node }: Schedule): boolean {
  return node.some(({ what }) => what === "rotate");
}
