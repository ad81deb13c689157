import type { SupervisionTimes } from "../host-process/protocol.ts";
import type { ProofWorld } from "../proofs/proof-world.ts";

/** What is the same for all rows of a matrix. */
export interface CrashSettings {
  /** Times the recorded speed. */
  readonly speed: number;
  readonly supervision: SupervisionTimes;
  /** How long the second process may take to its result, in ms. */
  readonly resultWithinMs: number;
  /** A world of its own for each row. */
  readonly open: () => Promise<ProofWorld>;
}
