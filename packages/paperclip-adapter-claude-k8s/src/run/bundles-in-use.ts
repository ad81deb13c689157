import { labelSelector, ownAnnotations } from "../cluster/marks.ts";
import type { Cluster } from "./cluster.ts";

/** Asks for the keys of the bundles that Jobs of a namespace have mounted, whoever follows them. */
export function bundlesInUse(
  { jobs }: Pick<Cluster, "jobs">,
  namespace: string,
): (signal: AbortSignal) => Promise<ReadonlySet<string>> {
  return async (signal) => {
    const found = await jobs.list({ namespace, labelSelector, signal });
    return new Set(found.flatMap(({ annotations }) => annotations[ownAnnotations.bundle] ?? []));
  };
}
