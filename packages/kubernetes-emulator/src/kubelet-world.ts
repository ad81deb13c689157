import type { Clock } from "./clock.ts";
import type { RecordEvent } from "./events.ts";
import type { Identity } from "./identity.ts";
import type { LogClock } from "./log-clock.ts";
import type { Store } from "./store.ts";
import type { Latency, Program } from "./types.ts";

/** What every part of the node works with. */
export interface KubeletWorld {
  readonly store: Store;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly latency: Latency;
  /** By `NAMESPACE/CLAIM`. */
  readonly claimFolders: Readonly<Record<string, string>>;
  readonly logMaxBytes: number;
  readonly logClock: LogClock;
  readonly programs: ReadonlyMap<string, Program>;
  readonly record: RecordEvent;
  /** Resolves while the kubelet runs; waits while it is away. */
  readonly awake: () => Promise<void>;
  readonly isAway: () => boolean;
}
