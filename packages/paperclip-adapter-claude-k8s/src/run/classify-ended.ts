import type { JobEnd } from "@claude-k8s/job-watch";
import { cloneName } from "../workspace/clone.ts";
import { cloneFailed } from "./classify-clone.ts";
import { readVerdict } from "./classify-verdict.ts";
import { withoutResult } from "./classify-without-result.ts";
import { exitOf } from "./exit-of.ts";
import type { RunEnd, RunEvidence } from "./model.ts";
import { incomplete, notStarted, type Outcome } from "./outcome.ts";

/** A run whose Job came to an end of its own, or by somebody else's hand. First match wins. */
export function ended({ end }: Extract<RunEnd, { kind: "ended" }>, evidence: RunEvidence): Outcome {
  if (end.kind === "not-started") return neverStarted(end, evidence);
  if (end.kind === "deadline" || (end.kind === "exited" && end.exit.reason === "DeadlineExceeded"))
    return {
      errorCode: "timeout",
      errorMessage: "The Job's own time limit (activeDeadlineSeconds) passed",
      cause: "job-limit",
      timedOut: true,
      recovery: "continue",
    };
  const verdict = evidence.transcript.verdict(exitOf(end)?.code ?? null);
  const known = readVerdict(verdict, evidence.transcript.summary);
  return known ?? withoutResult(end, evidence);
}

function neverStarted(
  end: Extract<JobEnd, { kind: "not-started" }>,
  { pod }: RunEvidence,
): Outcome {
  const { why: cause, init } = end;
  if (init?.container === cloneName) return cloneFailed(init);
  const where = pod === undefined ? "" : ` (pod ${pod})`;
  const why = [end.reason, end.message].filter((text) => text !== "").join(": ");
  if (end.reason === "InvalidImageName")
    return { ...incomplete(`The image's name is not valid: ${end.message}`), cause };
  const text = end.reason === "CrashLoopBackOff" ? "The pod is in a crash loop" : startTexts[cause];
  return { ...notStarted("k8s_pod_schedule_failed", `${text}: ${why}${where}`), cause };
}

const startTexts: Readonly<Record<Extract<JobEnd, { kind: "not-started" }>["why"], string>> = {
  unschedulable: "The pod is unschedulable",
  image: "The pod cannot start, image pull failed",
  config: "The pod cannot start",
  quota: "The pod was not created for quota",
  admission: "The pod was refused by the cluster",
  init: "The pod cannot start",
  deadline: "The pod did not start in time",
};
