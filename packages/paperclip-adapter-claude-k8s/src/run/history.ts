import { type JobEvent, type JobLevel, phaseTimes, type RunPhase } from "@claude-k8s/job-watch";

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

/** What happened to a Job on the way, for a person who asks why. Bounded. */
export interface RunHistory {
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
  see(event: JobEvent): void;
  /** The Job and its pod as they are now. */
  level(level: JobLevel | undefined): void;
  problem(text: string): void;
  logReconnect(): void;
  events(events: readonly SeenEvent[]): void;
  /** `now`: milliseconds of the clock that the events carry. */
  close(now: number): RunHistory;
}

const maxPhases = 100;
const maxProblems = 20;
const maxConditions = 24;
const maxEvents = 30;

export function historyBook(): HistoryBook {
  const phases: JobEvent[] = [];
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
  return {
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
    },
    events(seen) {
      events = seen.slice(-maxEvents);
    },
    close: (now) => ({
      phases: phaseTimes(phases, now),
      problems,
      conditions: conditionsOf(last).slice(-maxConditions),
      node: last?.pod?.node,
      events,
      logReconnects,
    }),
  };
}

function conditionsOf(level: JobLevel | undefined): SeenCondition[] {
  if (level === undefined) return [];
  const job = level.job === "gone" ? level.lastJob : (level.job ?? level.lastJob);
  return [
    ...(job?.conditions ?? []).map((condition) => ({ of: "Job" as const, ...condition })),
    ...(level.pod?.conditions ?? []).map((condition) => ({ of: "Pod" as const, ...condition })),
  ];
}
