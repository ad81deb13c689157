import type { JobPolicy } from "./types.ts";

export type Policy = Required<JobPolicy>;

const defaults: Policy = {
  scheduleTimeoutMs: 15 * 60_000,
  unschedulable: "wait",
  scaleUpTimeoutMs: 10 * 60_000,
  imageGraceMs: 60_000,
  imageAbsentGraceMs: 10_000,
  initImageGraceMs: 0,
  configGraceMs: 30_000,
  quotaGraceMs: 5 * 60_000,
  admissionGraceMs: 30_000,
  conditionGraceMs: 30_000,
  podGraceMs: 5_000,
  terminatingGraceMs: 60_000,
  nodeLostTimeoutMs: 10 * 60_000,
};

/** @throws TypeError naming the option, what was expected and what came */
export function policyFrom(policy: JobPolicy = {}): Policy {
  for (const [name, value] of Object.entries(policy)) {
    if (value === undefined) continue;
    if (name === "unschedulable") {
      if (value !== "wait" && value !== "fail")
        throw new TypeError(`policy.unschedulable must be "wait" or "fail", not ${String(value)}`);
    } else if (!(typeof value === "number" && value >= 0))
      throw new TypeError(
        `policy.${name} must be a number of milliseconds, 0 or more, not ${String(value)}`,
      );
  }
  return { ...defaults, ...policy };
}
