import { describe, expect, test } from "vitest";
import { quotaChecks } from "../../src/checks/check-quota.ts";
import { quotaNeed } from "../../src/checks/quota-need.ts";
import { needOf } from "../../src/checks/settings-need.ts";
import { parseSettings } from "../../src/settings/settings.ts";

const need = quotaNeed(
  { requests: { cpu: "250m", memory: "512Mi" }, limits: { cpu: "2", memory: "2Gi" } },
  1,
);

/** A quota of one key, and what of it is taken. */
const quota = (key: string, hard: string, used: string, spec = {}) => ({
  metadata: { name: "team" },
  spec,
  status: { hard: { [key]: hard }, used: { [key]: used } },
});

describe("what quotas mean for one more run", () => {
  test.for([
    ["has room to the last millicore", quota("requests.cpu", "1", "750m"), []],
    ["is full by one", quota("requests.cpu", "1", "751m"), ["warn"]],
    ["is too small for any", quota("limits.memory", "1Gi", "0"), ["error"]],
    ["names requests without a prefix", quota("memory", "1Gi", "768Mi"), ["warn"]],
    ["counts pods", quota("pods", "4", "4"), ["warn"]],
    ["counts Jobs", quota("count/jobs.batch", "10", "10"), ["warn"]],
    ["counts Secrets", quota("count/secrets", "0", "0"), ["error"]],
    ["is about other things", quota("services", "0", "0"), []],
    ["counts only some pods", quota("pods", "0", "0", { scopes: ["BestEffort"] }), []],
    ["has an amount that is none", quota("pods", "many", "0"), []],
    ["was not counted yet", { metadata: { name: "team" }, status: { hard: { pods: "1" } } }, []],
  ] as const)("one that %s", ([, one, levels]) => {
    const found = quotaChecks("runs", [one], need);
    expect(found.filter(({ level }) => level !== "info").map(({ level }) => level)).toEqual(levels);
  });

  test("names quota, key and all three amounts, and what to do", () => {
    expect(quotaChecks("runs", [quota("requests.cpu", "1", "900m")], need)).toEqual([
      {
        code: "claude_k8s_quota",
        level: "warn",
        message:
          "The quota team allows 1 of requests.cpu, 900m are taken and a run needs 250m: the next run has to wait until others end.",
        hint: "Raise requests.cpu in the ResourceQuota team of runs for more runs at a time.",
      },
    ]);
  });
});

describe("what a run takes", () => {
  test("a limit without a request is a request too", () => {
    expect(quotaNeed({ limits: { memory: "1Gi" } }, 0)).toMatchObject({
      memory: "1Gi",
      "requests.memory": "1Gi",
      "limits.memory": "1Gi",
    });
  });

  test("what the settings leave open has the manifest's defaults", () => {
    const { settings } = parseSettings({ "resources.requests.cpu": "5" });
    expect(needOf(settings)).toEqual({
      pods: "1",
      "count/pods": "1",
      "count/jobs.batch": "1",
      secrets: "1",
      "count/secrets": "1",
      cpu: "5",
      memory: "512Mi",
      "requests.cpu": "5",
      "requests.memory": "512Mi",
      "requests.ephemeral-storage": "4Gi",
      "limits.cpu": "5",
      "limits.memory": "8Gi",
      "limits.ephemeral-storage": "4Gi",
    });
  });
});
