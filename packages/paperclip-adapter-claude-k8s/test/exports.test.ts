import { expect, test } from "vitest";
import * as entry from "../src/index.ts";
import * as execute from "../src/server/execute.ts";
import * as client from "../src/server/k8s-client.ts";

test("the entry offers the adapter and nothing else", () => {
  expect(Object.keys(entry).toSorted()).toEqual(["createServerAdapter"]);
});

test("what the modules under src/server offer", () => {
  expect(Object.keys(execute).toSorted()).toEqual([
    "buildPartialRunError",
    "classifyOrphan",
    "describePodTerminatedError",
    "describeTruncationCause",
    "execute",
    "isK8s404",
    "shouldAbortForCancellation",
    "streamPodLogsOnce",
  ]);
  expect(Object.keys(client)).toEqual(
    expect.arrayContaining([
      "getLogApi",
      "getBatchApi",
      "getCoreApi",
      "getAuthzApi",
      "getKubeHttp",
      "getSelfPodInfo",
      "resetCache",
    ]),
  );
});

test("the adapter's members, as the host registers them", () => {
  expect(entry.createServerAdapter()).toMatchObject({
    type: "claude_k8s",
    supportsLocalAgentJwt: true,
    supportsInstructionsBundle: true,
    instructionsPathKey: "instructionsFilePath",
    execute: expect.any(Function),
    testEnvironment: expect.any(Function),
    getConfigSchema: expect.any(Function),
    agentConfigurationDoc: expect.stringContaining("claude_k8s"),
    sessionCodec: expect.any(Object),
    listSkills: expect.any(Function),
    syncSkills: expect.any(Function),
    listModels: expect.any(Function),
    detectModel: expect.any(Function),
    getQuotaWindows: expect.any(Function),
    onHireApproved: expect.any(Function),
  });
});
