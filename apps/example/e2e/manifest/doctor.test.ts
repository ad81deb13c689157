// `claude-k8s doctor`, with the rights of an account that has all of the documented Role but one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Permission, permissions } from "@claude-k8s/k8s-job-manifest";
import { runCommand } from "paperclip-adapter-claude-k8s/command";
import { describe } from "vitest";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { createAccount } from "../../src/cluster/account.ts";
import { standalone } from "../../src/cluster/kubeconfig.ts";
import { parsed } from "../../src/json.ts";
import { test } from "../cluster.ts";

interface Finding {
  readonly code: string;
  readonly level: string;
  readonly message: string;
  readonly hint?: string;
}

interface Doctored {
  readonly code: number;
  readonly status: string;
  readonly findings: readonly Finding[];
}

const target = (take: (text: string) => void) => ({
  isTTY: false,
  columns: undefined,
  write: async (text: string): Promise<void> => take(text),
});

/** Runs the command as this account, and reads its JSON. */
async function doctor(
  { namespace, signal }: ClusterUnderTest,
  kubeConfig: string,
): Promise<Doctored> {
  const folder = mkdtempSync(join(tmpdir(), "claude-k8s-doctor-"));
  const file = join(folder, "kubeconfig");
  writeFileSync(file, kubeConfig, { mode: 0o600 });
  let [out, err] = ["", ""];
  try {
    const code = await runCommand(["doctor", "--json", "--kubeconfig", file, "-n", namespace], {
      stdout: target((text) => (out += text)),
      stderr: target((text) => (err += text)),
      env: {},
      signal,
      now: () => Date.now(),
    });
    if (out === "") throw new Error(`doctor said nothing: ${err}`);
    const { status, checks } = parsed<{ status: string; checks: Finding[] }>(out);
    return { code, status, findings: checks.filter(({ level }) => level !== "info") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface SingleRight {
  readonly rule: Permission;
  readonly verb: string;
  readonly title: string;
}

/** Each verb of each rule by itself. */
const singles: readonly SingleRight[] = permissions.flatMap((rule) =>
  rule.verbs.map((verb) => {
    const group = rule.apiGroups[0] === "" ? "" : `.${rule.apiGroups[0]}`;
    return { rule, verb, title: `${verb} ${rule.resources[0]}${group}` };
  }),
);

test("with the whole Role the doctor finds nothing", async ({ cluster, expect }) => {
  const { kubeConfig } = await cluster.runner();
  const found = await doctor(cluster, standalone(kubeConfig));
  expect(found).toEqual({ code: 0, status: "pass", findings: [] });
});

describe.concurrent("without the right", () => {
  test.for(singles.map((single, index) => [single.title, single, index] as const))(
    "%s, the doctor names it, what does not work, and the rule that gives it",
    async ([title, { rule, verb }, index], { cluster, expect }) => {
      const { http, namespace, signal } = cluster;
      const rules = permissions
        .map((one) =>
          one === rule ? { ...one, verbs: one.verbs.filter((each) => each !== verb) } : one,
        )
        .filter(({ verbs }) => verbs.length > 0);
      const name = `doctor-without-${index}`;
      const token = await createAccount(http, { namespace, name, rules, signal });
      const found = await doctor(cluster, standalone(cluster.kubeConfig, { token }));
      const isNeeded = rule.without === undefined;
      expect(found.findings).toHaveLength(1);
      expect(found.findings[0]).toMatchObject({
        code: "claude_k8s_right",
        level: isNeeded ? "error" : "warn",
        message: isNeeded
          ? `May not ${title} in ${namespace}, which is used to ${rule.use}.`
          : `May not ${title} in ${namespace}: ${rule.without}.`,
      });
      const { apiGroups, resources } = rule;
      expect(found.findings[0]?.hint).toContain(
        `{apiGroups: ["${apiGroups[0]}"], resources: ["${resources[0]}"], verbs: ["${verb}"]}`,
      );
      expect(found.status).toBe(isNeeded ? "fail" : "warn");
      expect(found.code).toBe(isNeeded ? 1 : 0);
    },
  );
});
