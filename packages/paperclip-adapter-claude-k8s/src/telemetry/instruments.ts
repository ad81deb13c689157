import type { Counter, Histogram, Meter, UpDownCounter } from "@opentelemetry/api";
import type { MeasuredPhase } from "./phases.ts";

/** No attributes. */
type None = Record<string, never>;

/** What runs are counted with. Attributes are words of few values: ids of runs, agents and tasks never are. */
export interface Instruments {
  readonly runs: Counter<{ error_code: string }>;
  readonly activeRuns: UpDownCounter<None>;
  readonly runDuration: Histogram<None>;
  readonly phaseDurations: Readonly<Record<MeasuredPhase, Histogram<None>>>;
  readonly logReconnects: Counter<None>;
  readonly logGaps: Counter<{ certainty: "possible" | "certain" }>;
  readonly apiRetries: Counter<{ reason: string; status?: number }>;
}

/** Upper bounds in seconds. A wait for a node or an image may take until the limit of the settings, 30 minutes. */
const waits = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_200, 1_800];
/** From a turn that answers at once to one of a working day. */
const work = [1, 5, 10, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 28_800];
/** What the cluster needs to say how a container ended: 1 to 3 s on a healthy one, 30 s of patience with an ill one. */
const moments = [0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120];

/** Makes them, or finds them again: a meter gives one instrument a name. The README's table has each. */
export function instrumentsOf(meter: Meter): Instruments {
  const duration = (
    name: string,
    description: string,
    explicitBucketBoundaries: number[],
  ): Histogram<None> =>
    meter.createHistogram(name, { description, unit: "s", advice: { explicitBucketBoundaries } });
  const phase = (name: MeasuredPhase, description: string, bounds: number[]): Histogram<None> =>
    duration(`claude_k8s.phase.${name}.duration`, description, bounds);
  return {
    runs: meter.createCounter("claude_k8s.runs", {
      description: "Runs that ended",
      unit: "{run}",
    }),
    activeRuns: meter.createUpDownCounter("claude_k8s.runs.active", {
      description: "Runs that go on now",
      unit: "{run}",
    }),
    runDuration: duration("claude_k8s.run.duration", "From the host's call to the result", work),
    phaseDurations: {
      admit: phase("admit", "Until the run may start: its turn, and its guard's word", waits),
      schedule: phase("schedule", "Until the Job's pod has a node", waits),
      pull: phase("pull", "Pulling the image", waits),
      start: phase("start", "Starting the container", waits),
      run: phase("run", "The program is running", work),
      settle: phase("settle", "From the program's end until it and its log are proved", moments),
    },
    logReconnects: meter.createCounter("claude_k8s.log.reconnects", {
      description: "Log connections that ended while the log had not",
      unit: "{reconnect}",
    }),
    logGaps: meter.createCounter("claude_k8s.log.gaps", {
      description: "Places in logs where lines are, or may be, missing",
      unit: "{gap}",
    }),
    apiRetries: meter.createCounter("claude_k8s.api.retries", {
      description: "Requests to the API server that failed and were sent again",
      unit: "{retry}",
    }),
  };
}
