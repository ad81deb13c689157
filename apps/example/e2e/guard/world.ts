import { handOver } from "../../src/e2e/hand-over.ts";
import type { ProofWorld } from "../../src/proofs/proof-world.ts";
import { realWorld } from "../../src/proofs/real-world.ts";

/** A namespace of its own on the cluster of the suite. */
export function openWorld(): Promise<ProofWorld> {
  const given = handOver();
  if (given === undefined) throw new Error("these tests need a cluster: run `pnpm e2e`");
  return realWorld(given);
}
