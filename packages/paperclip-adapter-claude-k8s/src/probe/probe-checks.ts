import { describeEnd, type JobEnd } from "@claude-k8s/job-watch";
import { type Check, type CheckCode, failed, warned } from "../checks/check.ts";
import { parseProbeReport } from "./probe-script.ts";
import { type ProbeSubject, reportChecks } from "./report-checks.ts";
import type { ProbeEvidence } from "./run-probe.ts";

/** What a probe means for runs. Pure. */
export function probeChecks(evidence: ProbeEvidence, subject: ProbeSubject): readonly Check[] {
  const { outcome, lines, left } = evidence;
  const report = parseProbeReport(subject.mark, lines);
  const remains = left.map((what) =>
    warned(
      "claude_k8s_job",
      `The probe could not be removed: ${what}.`,
      `kubectl --namespace ${subject.namespace} delete job claude-probe-${subject.mark}; it ends by itself within two minutes.`,
    ),
  );
  return [
    ...outcomeChecks(outcome, subject),
    ...reportChecks(report, evidence, subject),
    ...remains,
  ];
}

function outcomeChecks(outcome: ProbeEvidence["outcome"], subject: ProbeSubject): Check[] {
  switch (outcome.kind) {
    case "ended":
      return endChecks(outcome.end, subject);
    case "failed":
      return [
        failed(
          "claude_k8s_job",
          `The probe Job could not be run: ${outcome.message}`,
          "See the message; a run would meet the same.",
        ),
      ];
    case "time":
      return [
        warned(
          "claude_k8s_time",
          `The probe Job did not end in time; it was at: ${outcome.phase}.`,
          "Test again: an image that is large is pulled once for each node. If it stays so, look at the pod's events.",
        ),
      ];
    default:
      return outcome satisfies never;
  }
}

function endChecks(end: JobEnd, subject: ProbeSubject): Check[] {
  if (end.kind === "not-started") return [notStarted(end, subject)];
  if (end.kind !== "exited") return [failed("claude_k8s_job", describeEnd(end), lostHint)];
  const { exit } = end;
  if (exit.oom !== undefined)
    return [
      failed(
        "claude_k8s_image",
        `The probe used more memory than its limit of ${exit.oom.limit ?? "the node"} allows.`,
        "Raise resources.limits.memory.",
      ),
    ];
  if (exit.code === 0) return [];
  return [
    failed(
      "claude_k8s_image",
      `The image ${subject.image} does not run the probe: ${describeEnd(end)}`,
      "The image needs `sh` on its PATH, and must run as uid 1000 with a read-only root.",
    ),
  ];
}

const lostHint = "Test again; if it stays so, look at the node that the pod was on.";

function notStarted(
  { why, reason, message }: Extract<JobEnd, { kind: "not-started" }>,
  { image, waitsForNode }: ProbeSubject,
): Check {
  const said = `${reason}: ${message}`;
  switch (why) {
    case "image":
      return failed(
        "claude_k8s_image",
        `The image ${image} cannot be pulled: ${said}`,
        "Check the image's name and tag; for a private registry name a pull secret in imagePullSecrets.",
      );
    case "unschedulable": {
      const hint =
        "Give the namespace's pods a node that fits: see nodeSelector, tolerations, affinity, resources.requests and the volume's node.";
      return waitsForNode
        ? warned("claude_k8s_job", `No node takes the pod now: ${said}`, hint)
        : failed("claude_k8s_job", `No node takes the pod: ${said}`, hint);
    }
    case "quota":
      return failed(
        "claude_k8s_quota",
        `The namespace's quota refuses the pod: ${said}`,
        "Raise the ResourceQuota, lower the run's resources, or wait until other runs end.",
      );
    case "admission":
      return failed(
        /PodSecurity/.test(message) ? "claude_k8s_pod_security" : "claude_k8s_job",
        `The pod is refused: ${said}`,
        "The rule that refuses it is in the message; ask who set it, or set namespace to another.",
      );
    case "config":
    case "init":
    case "deadline":
      return failed(configCode(said), `The pod cannot start: ${said}`, configHint(said));
    default:
      return why satisfies never;
  }
}

function configCode(said: string): CheckCode {
  return isAboutVolume(said) ? "claude_k8s_volume" : "claude_k8s_job";
}

function configHint(said: string): string {
  return isAboutVolume(said)
    ? "Check the claim in workspaceVolumeClaim and workspaceAccessMode: is it bound, and not in use on another node?"
    : "Create the Secret, ConfigMap or service account that the message names, or take it out of the settings.";
}

function isAboutVolume(said: string): boolean {
  return /volume|mount|persistentvolumeclaim/i.test(said);
}
