import type { Access } from "./access.ts";
import type { Clock } from "./clock.ts";
import type { FaultPlan } from "./fault-plan.ts";
import type { Identity } from "./identity.ts";
import type { Kubelet } from "./kubelet.ts";
import type { LogClock } from "./log-clock.ts";
import type { LogTroubles } from "./log-troubles.ts";
import type { NodeGate } from "./node-gate.ts";
import type { WatchCache } from "./watch-cache.ts";
import type { Store } from "./store.ts";

/** What request handlers work with. */
export interface ServerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly identity: Identity;
  readonly access: Access;
  readonly kubelet: Kubelet;
  readonly gate: NodeGate;
  readonly cache: WatchCache;
  readonly bookmarkMs: number;
  readonly watchList: boolean;
  readonly faults: FaultPlan;
  readonly logs: NodeLogs;
}

/** How the node reads its logs. */
interface NodeLogs {
  readonly clock: LogClock;
  readonly troubles: LogTroubles;
  readonly zoneMinutes: number;
  readonly followLimitMs: number;
  readonly stuckFollow: boolean;
}

/** An answer: one document, or a stream of pieces. */
export type Answer =
  | {
      readonly kind: "json";
      readonly status: number;
      readonly body: unknown;
      /** Default `application/json`. */
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: "text";
      readonly status: number;
      readonly body: string;
      /** Default `text/plain`. */
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: "empty"; readonly status: 204 }
  | {
      readonly kind: "stream";
      readonly contentType: string;
      /** Ends when the generator does, or when the client or the server goes. */
      readonly pieces: (signal: AbortSignal) => AsyncIterable<Uint8Array | string>;
      /** A pod's log: can be cut by the node. */
      readonly log?: boolean;
    };

export function json(body: unknown, status = 200): Answer {
  return { kind: "json", status, body };
}
