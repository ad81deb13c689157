import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { describe, expect, test } from "vitest";
import { createServerAdapter } from "../../src/index.ts";
import { rateLimits } from "../../src/quota/rate-limits.ts";
import { cluster } from "../support/cluster.ts";
import { fakeHost, namespace } from "../support/fake-host.ts";

const now = Date.parse("2026-11-25T12:00:00Z");
const later = now / 1_000 + 3_600;

describe("limits that runs were told of", () => {
  test.for([
    [{ limit: "five_hour", status: "allowed_warning", utilization: 0.93 }, "5h", 93],
    [{ limit: "seven_day", status: "rejected", utilization: undefined }, "7d", 100],
    [{ limit: "seven_day_opus", status: "allowed", utilization: undefined }, "Opus 7d", null],
    [{ limit: "seven_day", status: "rejected", utilization: 1.4 }, "7d", 100],
    [{ limit: "spending_cap", status: "allowed", utilization: 0 }, "spending cap", 0],
    [{ limit: undefined, status: undefined, utilization: undefined }, "unknown", null],
  ] as const)("%j", ([seen, label, usedPercent]) => {
    const limits = rateLimits();
    limits.add([{ ...seen, resetsAt: later }]);
    expect(limits.windows(now)).toEqual([
      expect.objectContaining({ label, usedPercent, resetsAt: "2026-11-25T13:00:00.000Z" }),
    ]);
  });

  test("the last word on each counts, and one that was reset since is gone", () => {
    const limits = rateLimits();
    const seen = { limit: "five_hour", status: "allowed", resetsAt: later };
    limits.add([{ ...seen, utilization: 0.1 }]);
    limits.add([{ ...seen, utilization: 0.5 }]);
    expect(limits.windows(now).map(({ usedPercent }) => usedPercent)).toEqual([50]);
    expect(limits.windows(now + 3_600_000)).toEqual([]);
  });

  test("what has no end stays, without one", () => {
    const limits = rateLimits();
    limits.add([{ limit: "x", status: "allowed", resetsAt: undefined, utilization: undefined }]);
    expect(limits.windows(now)).toEqual([expect.objectContaining({ resetsAt: null })]);
  });
});

async function send(method: string, to: string, type: string, body: object): Promise<void> {
  const headers = { "content-type": `application/${type}` };
  const answer = await fetch(to, { method, headers, body: JSON.stringify(body) });
  expect(answer.ok).toBe(true);
}

/** A quota, and what its controller would have counted. */
async function quota(emulator: Emulator, where: string, hard: object, used = {}): Promise<void> {
  const path = `${emulator.url}/api/v1/namespaces/${where}/resourcequotas`;
  await send("POST", path, "json", { metadata: { name: "team" }, spec: { hard } });
  await send("PATCH", `${path}/team/status`, "merge-patch+json", { status: { used } });
}

describe("the adapter's windows", () => {
  test("after a run: what it was told, and the quotas of its namespace", async () => {
    const info = {
      status: "allowed_warning",
      resetsAt: 32_503_680_000,
      rateLimitType: "five_hour",
      utilization: 0.93,
    };
    const lines = [
      { type: "system", subtype: "init", session_id: "s", model: "m" },
      { type: "rate_limit_event", rate_limit_info: info },
      { type: "result", subtype: "success", is_error: false, result: "ok", session_id: "s" },
    ];
    await using emulator = await cluster(async ({ stdout }) => {
      for (const line of lines) stdout.write(`${JSON.stringify(line)}\n`);
      return 0;
    });
    await quota(emulator, namespace, { pods: "8", services: "2" });
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const { errorMessage } = await adapter.execute(fakeHost().context);
    expect(errorMessage).toBeNull();
    expect(await adapter.getQuotaWindows?.()).toEqual({
      provider: "anthropic",
      source: expect.any(String),
      ok: true,
      windows: [
        expect.objectContaining({ label: "5h", usedPercent: 93, valueLabel: "allowed_warning" }),
        {
          label: `${namespace}: pods`,
          usedPercent: 0,
          resetsAt: null,
          valueLabel: "0 of 8",
          detail: "ResourceQuota team",
        },
      ],
    });
  });

  test("before the first run the server's own namespace is asked, and none is no fault", async () => {
    await using emulator = await cluster(async () => 0);
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    expect(await adapter.getQuotaWindows?.()).toMatchObject({ ok: true, windows: [] });
    const hard = { "requests.memory": "4Gi", "limits.cpu": "0", services: "2" };
    await quota(emulator, "default", hard, { "requests.memory": "1Gi" });
    const { windows = [] } = (await adapter.getQuotaWindows?.()) ?? {};
    const used = Object.fromEntries(windows.map((window) => [window.label, window.usedPercent]));
    expect(used).toEqual({ "default: requests.memory": 25, "default: limits.cpu": 100 });
  });

  test("a cluster that is away is told, and not thrown", async () => {
    const emulator = await cluster(async () => 0);
    await emulator[Symbol.asyncDispose]();
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const answer = await adapter.getQuotaWindows?.();
    expect(answer).toMatchObject({ ok: false, windows: [] });
    expect(answer?.error).not.toBe("");
  });
});
