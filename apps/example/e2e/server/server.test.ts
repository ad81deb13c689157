// The adapter in the published Paperclip server: it loads from its tarball, and its runs go through the HTTP API.
import type { AdapterEnvironmentTestResult } from "@paperclipai/adapter-utils";
import { leftBehind } from "../../src/cluster/left-behind.ts";
import { recordingsFolder } from "../../src/folders.ts";
import {
  type HeartbeatRun,
  invoke,
  isOver,
  outputOf,
  runThat,
} from "../../src/paperclip-server/runs.ts";
import { recordedBytes } from "../../src/recorder/recording.ts";
import { findRecording } from "../../src/replay/recordings-folder.ts";
import { test } from "./paperclip.ts";

const limits = { timeout: 600_000 };

test(
  "the server loads it, and its form, its settings and its test of the environment answer",
  limits,
  async ({ paperclip, expect }) => {
    const { api, companyId, installed, settings } = paperclip;
    expect(installed).toMatchObject({ type: "claude_k8s" });
    const all = await api.get<{ type: string; loaded: boolean }[]>("/adapters");
    expect(all.find(({ type }) => type === "claude_k8s")).toMatchObject({ loaded: true });
    const { fields } = await api.get<{ fields: { key: string }[] }>(
      "/adapters/claude_k8s/config-schema",
    );
    expect(fields.map(({ key }) => key)).toContain("namespace");
    const tested = await api.post<AdapterEnvironmentTestResult>(
      `/companies/${companyId}/adapters/claude_k8s/test-environment`,
      { adapterConfig: settings({ scenario: "healthy", speed: Infinity }) },
    );
    expect(tested.checks.filter(({ level }) => level === "error")).toEqual([]);
    expect(await api.post("/adapters/claude_k8s/reload")).toMatchObject({ type: "claude_k8s" });
  },
);

test(
  "a run succeeds: its output, session, usage and cost are kept, and nothing is left",
  limits,
  async ({ cluster, paperclip, expect }) => {
    const { api, agent, settings } = paperclip;
    const agentId = await agent(settings({ scenario: "healthy", speed: Infinity }));
    const { id } = await invoke(api, agentId);
    const run = await runThat(api, id, isOver);
    expect(run, paperclip.said()).toMatchObject({ status: "succeeded", exitCode: 0 });
    const recorded = recordedBytes(await findRecording(recordingsFolder, "healthy"), "stdout");
    const text = Buffer.from(recorded).toString("utf8");
    const output = (await outputOf(api, id)).replace(/^\[paperclip\] .*\n/gm, "");
    // The server blackens what is named like a key, and nothing else is other than it was written.
    expect(output).toBe(text.replaceAll(/("apiKeySource":)"[^"]*"/g, '$1"***REDACTED***"'));
    const result = text.split("\n").findLast((line) => line.includes('"type":"result"')) ?? "{}";
    const said: { session_id?: string; usage?: { output_tokens?: number } } = JSON.parse(result);
    expect(run.sessionIdAfter).toBe(said.session_id);
    expect(run.usageJson).toMatchObject({ outputTokens: said.usage?.output_tokens });
    const { namespace, http, signal } = cluster;
    const labelSelector = `paperclip.io/agent-id=${agentId}`;
    expect(await leftBehind(http, { namespace, labelSelector, withinMs: 30_000, signal })).toEqual(
      [],
    );
  },
);

test.for(["hang", "ignore-sigterm"])(
  "a run of a program that plays %s is stopped: the server hears that it is, and the Job is gone",
  limits,
  async (scenario, { cluster, paperclip, expect }) => {
    const { api, agent, settings } = paperclip;
    const agentId = await agent({
      ...settings({ scenario, speed: 1 }),
      terminationGraceSec: 5,
    });
    const { id } = await invoke(api, agentId);
    const hasBegun = async (run: HeartbeatRun): Promise<boolean> =>
      isOver(run) || (run.status === "running" && (await outputOf(api, id)).includes('"init"'));
    expect((await runThat(api, id, hasBegun)).status, paperclip.said()).toBe("running");
    const began = performance.now();
    const { status } = await api.tryPost(`/heartbeat-runs/${id}/cancel`);
    console.log(`${scenario}: stopped after ${Math.round(performance.now() - began)} ms`);
    expect(status, paperclip.said()).toBe(200);
    const { namespace, http, signal } = cluster;
    const labelSelector = `paperclip.io/agent-id=${agentId}`;
    // Verified before it was acknowledged: there is nothing to wait for.
    expect(await leftBehind(http, { namespace, labelSelector, withinMs: 5_000, signal })).toEqual(
      [],
    );
    const run = await runThat(api, id, isOver);
    expect(run).toMatchObject({
      status: "cancelled",
      resultJson: { executionCancellation: { state: "acknowledged" } },
      sessionIdAfter: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
  },
);
