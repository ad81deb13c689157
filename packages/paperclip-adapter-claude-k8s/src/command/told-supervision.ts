import type { KnownJob } from "@claude-k8s/orphan-guard";
import type { Connection } from "./connection.ts";
import { lookAtSupervision, type Supervision } from "./supervision.ts";
import { say, type Surroundings } from "./surroundings.ts";

/**
 * Who supervises these Jobs; says what cannot be known.
 * @param prove waits until it is known who lives, and says what is waited for
 */
export async function toldSupervision(
  { quick }: Connection,
  jobs: readonly KnownJob[],
  { prove }: { readonly prove: boolean },
  around: Surroundings,
): Promise<Supervision> {
  const { signal } = around;
  const supervision = await lookAtSupervision(quick, jobs, signal);
  if (supervision.problem !== undefined) await say(around, supervision.problem);
  if (prove) await supervision.prove({ onWait: (what) => void say(around, what), signal });
  return supervision;
}
