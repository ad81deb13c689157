// Every rule of the documented Role is needed, or what is lost without it is told before a run is started.
import { type Permission, permissions } from "@claude-k8s/k8s-job-manifest";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { describe } from "vitest";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { createAccount } from "../../src/cluster/account.ts";
import { standalone } from "../../src/cluster/kubeconfig.ts";
import { leftBehind } from "../../src/cluster/left-behind.ts";
import { clusterAddress, test } from "../cluster.ts";
import { runAgent } from "../run-agent.ts";

/** A kubeconfig for an account with all rules but one. */
async function accountWithout(
  { http, namespace, signal, kubeConfig }: ClusterUnderTest,
  index: number,
): Promise<string> {
  const rules = permissions.filter((_, at) => at !== index);
  const name = `without-${index}`;
  const token = await createAccount(http, { namespace, name, rules, signal });
  return standalone(kubeConfig, { token });
}

/** What `testEnvironment` finds to say against it: level and words. */
async function findings(cluster: ClusterUnderTest, kubeConfig: string): Promise<readonly string[]> {
  const adapter = createServerAdapter({ kubeConfig });
  const config = {
    namespace: cluster.namespace,
    image: cluster.image,
    env: { ANTHROPIC_API_KEY: "sk-example", PAPERCLIP_API_URL: await clusterAddress(cluster) },
    "resources.requests.cpu": "10m",
    "resources.requests.memory": "32Mi",
  };
  const context = { companyId: "example", adapterType: "claude_k8s", config };
  const { checks } = await adapter.testEnvironment(context);
  return checks
    .filter(({ level }) => level !== "info")
    .map(({ level, message }) => `${level}: ${message}`);
}

/** `create jobs.batch`, as the test of the environment names a right. */
function rightsOf({ apiGroups, resources, verbs }: Permission): readonly string[] {
  const group = apiGroups[0] === "" ? "" : `.${apiGroups[0]}`;
  return verbs.map((verb) => `${verb} ${resources[0]}${group}`);
}

const titled = permissions.map((rule, index) => ({
  index,
  rule,
  rights: rightsOf(rule).join(", "),
}));

test("with the whole Role there is nothing to find", async ({ cluster, expect }) => {
  const { kubeConfig } = await cluster.runner();
  expect(await findings(cluster, standalone(kubeConfig))).toEqual([]);
});

describe.concurrent("without the rule", () => {
  test.for(titled.filter(({ rule }) => rule.without === undefined))(
    "$rights, no run starts, and the right is named before and after",
    async ({ index, rule }, { cluster, expect }) => {
      const { namespace } = cluster;
      const kubeConfig = await accountWithout(cluster, index);
      const found = await findings(cluster, kubeConfig);
      expect(found.toSorted()).toEqual(
        rightsOf(rule)
          .map((right) => `error: May not ${right} in ${namespace}, which is used to ${rule.use}.`)
          .toSorted(),
      );
      const { result, left, tookMs } = await runAgent(cluster, { kubeConfig });
      expect(result.errorCode).toBe("configuration_incomplete");
      expect(result.errorMessage).toContain(rule.resources[0]);
      expect(rule.verbs.some((verb) => result.errorMessage?.includes(verb))).toBe(true);
      expect(tookMs).toBeLessThan(30_000);
      expect(left).toEqual([]);
    },
  );

  test.for(titled.filter(({ rule }) => rule.without !== undefined))(
    "$rights, runs go on, and what is lost is told before",
    async ({ index, rule }, { cluster, expect }) => {
      const { namespace } = cluster;
      const kubeConfig = await accountWithout(cluster, index);
      const found = await findings(cluster, kubeConfig);
      expect(found.toSorted()).toEqual(
        rightsOf(rule)
          .map((right) => `warn: May not ${right} in ${namespace}: ${rule.without}.`)
          .toSorted(),
      );
      const { result, left } = await runAgent(cluster, { kubeConfig });
      expect(result.errorMessage).toBeNull();
      expect(left).toEqual([]);
    },
  );
});

// A right may be missing by itself too: those that are asked for first, and the one asked for last.
describe.concurrent("without the single right", () => {
  test.for([
    ["jobs", "create"],
    ["jobs", "list"],
    ["secrets", "create"],
    ["pods/log", "get"],
  ] as const)("%s %s, it is named", async ([resource, verb], { cluster, expect }) => {
    const { http, namespace, signal } = cluster;
    const rules = permissions
      .map((rule) =>
        rule.resources.includes(resource)
          ? { ...rule, verbs: rule.verbs.filter((each) => each !== verb) }
          : rule,
      )
      .filter(({ verbs }) => verbs.length > 0);
    const name = `without-${verb}-${resource.replace("/", "-")}`;
    const token = await createAccount(http, { namespace, name, rules, signal });
    const kubeConfig = standalone(cluster.kubeConfig, { token });
    const { result, left, tookMs } = await runAgent(cluster, { kubeConfig });
    expect(result.errorCode).toBe("configuration_incomplete");
    expect(result.errorMessage).toContain(verb);
    expect(result.errorMessage).toContain(resource);
    expect(tookMs).toBeLessThan(30_000);
    expect(left).toEqual([]);
  });
});

test("afterwards the namespace has no Job, no pod and no Secret", async ({ cluster, expect }) => {
  const { http, namespace, signal } = cluster;
  expect(await leftBehind(http, { namespace, withinMs: 30_000, signal })).toEqual([]);
});
