import { type JobEvent, type JobLevel, phaseTimes, type RunPhase } from "@claude-k8s/job-watch";
import { type Clock, realClock } from "@claude-k8s/kube-http";

/** A condition of the Job or its pod, as Kubernetes has it. */
interface SeenCondition {
  readonly of: "Job" | "Pod";
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** An event of the Job or its pod, the latest last. */
export interface SeenEvent {
  readonly object: string;
  readonly reason: string;
  readonly message: string;
  /** RFC 3339. */
  readonly at?: string;
}

/** What a run itself is about, one after the other; `stop` and `explain` only where there is something to. */
export type RunStep = "admit" | "build" | "create" | "follow" | "stop" | "explain" | "clean_up";

/** From when to when something lasted, in milliseconds of the history's clock. */
export interface Stretch<Name extends string> {
  readonly name: Name;
  readonly from: number;
  readonly to: number;
}

/** A log that came with a break: its connection ended while it had not, or lines of it are missing. */
export type LogBreak =
  /** `at`: milliseconds of the history's clock. */
  | { readonly kind: "reconnect"; readonly at: number }
  | { readonly kind: "gap"; readonly certainty: "possible" | "certain"; readonly at: number };

/** What happened to a Job on the way, for a person who asks why. Bounded. */
export interface RunHistory {
  readonly steps: readonly Stretch<RunStep>[];
  /** The Job's phases as they were seen, in order; one may come again. */
  readonly stretches: readonly Stretch<RunPhase>[];
  /** The first of them. */
  readonly breaks: readonly LogBreak[];
  /** How long each phase lasted, in milliseconds. */
  readonly phases: Partial<Readonly<Record<RunPhase, number>>>;
  /** What was in the way, the latest last. */
  readonly problems: readonly string[];
  readonly conditions: readonly SeenCondition[];
  readonly node: string | undefined;
  readonly events: readonly SeenEvent[];
  /** How often the log's connection ended while the log had not. */
  readonly logReconnects: number;
}

/** Collects the history of one run. */
export interface HistoryBook {
  /** A step begins, and the one before ends. */
  step(step: RunStep): void;
  see(event: JobEvent): void;
  /** The Job and its pod as they are now. */
  level(level: JobLevel | undefined): void;
  problem(text: string): void;
  logReconnect(): void;
  logGap(certainty: "possible" | "certain"): void;
  events(events: readonly SeenEvent[]): void;
  close(): RunHistory;
}

export interface HistoryOptions {
  /** Told of each break when it happens. */
  readonly onLogBreak?: (seen: LogBreak) => void;
  /** The one that the Job's events carry. Default: the real one. */
  readonly clock?: Clock;
}

const maxPhases = 100;
const maxSteps = 100;
const maxBreaks = 50;
const maxProblems = 20;
const maxConditions = 24;
const maxEvents = 30;

export function historyBook({
  onLogBreak = () => {},
  clock = realClock,
}: HistoryOptions = {}): HistoryBook {
  const phases: Extract<JobEvent, { type: "phase" }>[] = [];
  const steps: { readonly name: RunStep; readonly at: number }[] = [];
  const breaks: LogBreak[] = [];
  const problems: string[] = [];
  let last: JobLevel | undefined;
  let events: readonly SeenEvent[] = [];
  let logReconnects = 0;
  const problem = (text: string): void => {
    if (problems.at(-1) === text) return;
    problems.push(text);
    // The first is kept: it is what began it.
    if (problems.length > maxProblems) problems.splice(1, 1);
  };
  const broken = (seen: LogBreak): void => {
    if (breaks.length < maxBreaks) breaks.push(seen);
    onLogBreak(seen);
  };
  return {
    step(name) {
      if (steps.at(-1)?.name !== name && steps.length < maxSteps)
        steps.push({ name, at: clock.now() });
    },
    see(event) {
      if (event.type === "phase" && phases.length < maxPhases) phases.push(event);
      if (event.type === "start-problem") problem(`${event.reason}: ${event.message}`);
      if (event.type === "node") problem(event.message);
      if (event.type === "blind") problem(`the cluster did not answer: ${event.cause}`);
    },
    level(level) {
      last = level ?? last;
    },
    problem,
    logReconnect() {
      logReconnects += 1;
      broken({ kind: "reconnect", at: clock.now() });
    },
    logGap: (certainty) => broken({ kind: "gap", certainty, at: clock.now() }),
    events(seen) {
      events = seen.slice(-maxEvents);
    },
    close() {
      const now = clock.now();
      return {
        steps: stretchesOf(steps, now),
        stretches: stretchesOf(
          phases.map(({ phase, at }) => ({ name: phase, at })),
          now,
        ),
        breaks,
        phases: phaseTimes(phases, now),
        problems,
        conditions: conditionsOf(last).slice(-maxConditions),
        node: last?.pod?.node,
        events,
        logReconnects,
      };
    },
  };
}

/** Each lasts until the next begins, the last one until now. */
function stretchesOf<Name extends string>(
  begun: readonly { readonly name: Name; readonly at: number }[],
  now: number,
): Stretch<Name>[] {
  return begun.map(({ name, at }, index) => ({ name, from: at, to: begun[index + 1]?.at ?? now }));
}

function conditionsOf(level: JobLevel | undefined): SeenCondition[] {
  if (level === undefined) return [];
  const job = level.job === "gone" ? level.lastJob : (level.job ?? level.lastJob);
  return [
    ...(job?.conditions ?? []).map((condition) => ({ of: "Job" as const, ...condition })),
    ...(level.pod?.conditions ?? []).map((condition) => ({ of: "Pod" as const, ...condition })),
  ];
}
