import type { JobReader } from "./ports.ts";
import type { JobWatcher, WatcherOptions } from "./types.ts";
export type JobPollerOptions = WatcherOptions & {
  readonly reader: JobReader;
  /** Between two looks, in milliseconds. Default 2,000. */
  readonly pollMs?: number;
};
export declare function createJobPoller(options: JobPollerOptions): JobWatcher;
