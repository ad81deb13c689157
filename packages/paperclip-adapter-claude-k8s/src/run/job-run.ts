import type { RunSink } from "../host/sink.ts";
import type { Settings } from "../settings/types.ts";
import type { Cluster } from "./cluster.ts";
import type { JobHold } from "./job-hold.ts";
import type { JobHandle } from "./model.ts";
import type { Observation } from "./observation.ts";

/** A run from the moment it has its Job: what every step after that works on. */
export interface JobRun {
  readonly job: JobHandle;
  readonly hold: JobHold;
  readonly cluster: Cluster;
  readonly sink: RunSink;
  readonly settings: Settings;
  readonly seen: Observation;
}
