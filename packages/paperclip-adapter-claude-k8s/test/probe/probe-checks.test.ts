import type { JobEnd, NotStartedWhy } from "@claude-k8s/job-watch";
import { describe, expect, test } from "vitest";
import { probeChecks } from "../../src/probe/probe-checks.ts";
import type { ProbeSubject } from "../../src/probe/report-checks.ts";
import type { ProbeEvidence } from "../../src/probe/run-probe.ts";

const mark = "a1b2";
const subject: ProbeSubject = {
  mark,
  image: "agent:1",
  url: "http://paperclip:3100",
  namespace: "runs",
  waitsForNode: false,
};
const common = { evidence: [], sure: true } as const;
const exited = (code: number, more = {}): JobEnd => ({
  ...common,
  kind: "exited",
  exit: { container: "claude", code, ...more },
});
const notStarted = (why: NotStartedWhy, reason: string, message: string): JobEnd => ({
  ...common,
  kind: "not-started",
  why,
  reason,
  message,
});
const whole = [`${mark} version 0 2.1.330 (Claude Code)`, `${mark} url 0`, `${mark} end`];

/** Findings in short: `level code`. */
function found(end: JobEnd, rest: Partial<ProbeEvidence> = {}, about = subject): string[] {
  const evidence: ProbeEvidence = {
    outcome: { kind: "ended", end },
    lines: end.kind === "exited" ? whole : [],
    log: end.kind === "exited" ? "verified" : "none",
    left: [],
    ...rest,
  };
  return probeChecks(evidence, about).map(
    ({ level, code }) => `${level} ${code.replace("claude_k8s_", "")}`,
  );
}

test("a probe that went well", () => {
  expect(found(exited(0))).toEqual(["info image", "info host_url", "info log"]);
});

describe("a probe that did not start", () => {
  test.for([
    ["image", "ErrImagePull", "not found", "error image"],
    ["unschedulable", "Unschedulable", "0/1 nodes are available", "error job"],
    ["quota", "FailedCreate", "exceeded quota: team", "error quota"],
    ["admission", "FailedCreate", 'violates PodSecurity "restricted:latest"', "error pod_security"],
    ["admission", "FailedCreate", "denied by webhook", "error job"],
    ["config", "CreateContainerConfigError", 'secret "key" not found', "error job"],
    ["config", "FailedMount", 'persistentvolumeclaim "home" not found', "error volume"],
    ["deadline", "DeadlineExceeded", "too long", "error job"],
  ] as const)("%s %s: %s", ([why, reason, message, expected]) => {
    expect(found(notStarted(why, reason, message))).toEqual([expected]);
  });

  test("a node that is missing is no fault where runs wait for one", () => {
    const end = notStarted("unschedulable", "Unschedulable", "0/1 nodes");
    expect(found(end, {}, { ...subject, waitsForNode: true })).toEqual(["warn job"]);
  });
});

describe("what the program's end and its report mean", () => {
  test.for([
    [
      "no claude",
      exited(0),
      [`${mark} version 127 sh: claude: not found`, `${mark} end`],
      ["error image", "info log"],
    ],
    [
      "claude fails",
      exited(0),
      [`${mark} version 1 EROFS`, `${mark} end`],
      ["error image", "info log"],
    ],
    ["no shell", exited(128, { reason: "StartError" }), [], ["error image", "error log"]],
    ["out of memory", exited(137, { oom: { limit: "32Mi" } }), [], ["error image", "error log"]],
    [
      "a volume that cannot be written",
      exited(0),
      [`${mark} volume 1 denied`, `${mark} end`],
      ["error volume", "info log"],
    ],
    [
      "a host that is not reached",
      exited(0),
      [`${mark} url 7 refused`, `${mark} end`],
      ["warn host_url", "info log"],
    ],
    [
      "nothing to ask with",
      exited(0),
      [`${mark} url none`, `${mark} end`],
      ["info host_url", "info log"],
    ],
    ["a report without its end", exited(0), [`${mark} version 0 2.1`], ["info image", "error log"]],
    ["a pod that was lost", { ...common, kind: "lost", why: "evicted" }, [], ["error job"]],
  ] as const)("%s", ([, end, lines, expected]) => {
    expect(found(end, { lines })).toEqual(expected);
  });
});

test("a log whose end is not verified is an error", () => {
  expect(found(exited(0), { log: "unverified" })).toContain("error log");
});

test("a probe that could not be created, that took too long, and that is left", () => {
  const failed = { outcome: { kind: "failed", message: "denied" } } as const;
  expect(found(exited(0), { ...failed, lines: [] })).toEqual(["error job"]);
  const time = { outcome: { kind: "time", phase: "pulling" } } as const;
  expect(found(exited(0), { ...time, lines: [] })).toEqual(["warn time"]);
  expect(found(exited(0), { left: ["Job claude-probe-a1b2"] })).toContain("warn job");
});

test("every finding that is no info says what to do", () => {
  for (const why of ["image", "unschedulable", "quota", "admission", "config"] as const) {
    const evidence: ProbeEvidence = {
      outcome: { kind: "ended", end: notStarted(why, "Reason", "words of the cluster") },
      lines: [],
      log: "none",
      left: [],
    };
    for (const { hint, message } of probeChecks(evidence, subject)) {
      expect(hint).toMatch(/\w{3}/);
      expect(message).toContain("words of the cluster");
    }
  }
});
