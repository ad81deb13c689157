import { buildRun } from "@claude-k8s/k8s-job-manifest";
import { resources } from "../run/pod-shape.ts";
import type { Settings } from "../settings/types.ts";
import { type QuotaNeed, quotaNeed } from "./quota-need.ts";

/** What a run with these settings takes from quotas; what they leave open has the manifest's defaults. */
export function needOf(settings: Settings): QuotaNeed {
  const wanted = resources(settings);
  const { job, secrets } = buildRun({
    name: "need",
    namespace: "need",
    labels: {},
    program: {
      image: "need",
      argv: ["claude"],
      stdin: "prompt",
      ...(wanted === undefined ? {} : { resources: wanted }),
    },
  });
  return quotaNeed(job.spec.template.spec.containers[0]?.resources ?? {}, secrets.length);
}
