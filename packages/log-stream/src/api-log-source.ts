import type { Writable } from "node:stream";
import type { LogSource } from "./types.ts";

/** The one member of client-node's `Log` that is used. */
export interface LogApiLike {
  log(
    namespace: string,
    pod: string,
    container: string,
    writable: Writable,
    options?: {
      follow?: boolean;
      timestamps?: boolean;
      tailLines?: number;
    },
  ): Promise<unknown>;
}

/** Reads logs through an object shaped like client-node's `Log`. */
export declare function apiLogSource(logApi: LogApiLike): LogSource;
