import { kubeHttp } from "@claude-k8s/kube-http";
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { describe, expect, test } from "vitest";
import { cheapChecks } from "../../src/checks/cheap-checks.ts";
import { quotaNeed } from "../../src/checks/quota-need.ts";
import { rights } from "../../src/checks/rights.ts";
import { parseKubeConfig, quickLimits } from "../../src/server/k8s-client.ts";
import { cluster } from "../support/cluster.ts";
import { namespace } from "../support/fake-host.ts";

const need = quotaNeed({ requests: { cpu: "1" } }, 1);
const noLimit = new AbortController().signal;

/** Findings that are not `info`, as `level code: message`. */
async function found(
  emulator: Emulator,
  { inNamespace = namespace, signal = noLimit } = {},
): Promise<string[]> {
  const http = kubeHttp(parseKubeConfig(emulator.kubeConfig).config, quickLimits);
  try {
    const checks = await cheapChecks({ http, namespace: inNamespace }, need, signal);
    return checks
      .filter(({ level }) => level !== "info")
      .map(({ level, code, message }) => `${level} ${code}: ${message}`);
  } finally {
    http.close();
  }
}

async function put(emulator: Emulator, path: string, body: object): Promise<void> {
  const answer = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
}

test("a healthy namespace has no finding, and nothing was created", async () => {
  await using emulator = await cluster(async () => 0);
  expect(await found(emulator)).toEqual([]);
  const created = emulator.requests.filter(
    ({ verb, resource }) => verb === "create" && resource !== "selfsubjectaccessreviews",
  );
  expect(created).toEqual([]);
});

describe("a right that is missing", () => {
  test.for(rights.filter(({ isClusterWide }) => !isClusterWide))(
    "$verb $resource $subresource is named by itself",
    async ({ verb, resource, subresource = "", group, without }) => {
      await using emulator = await cluster(async () => 0);
      using denied = emulator.deny({ verb, resource, subresource, group });
      const checks = await found(emulator);
      expect(denied).toBeDefined();
      expect(checks).toHaveLength(1);
      expect(checks[0]).toContain(
        `${without === undefined ? "error" : "warn"} claude_k8s_right: May not ${verb} ${resource}`,
      );
    },
  );

  test.for(rights.filter(({ isClusterWide }) => isClusterWide))(
    "$verb $resource is no fault of who has the Role",
    async ({ verb, resource }) => {
      await using emulator = await cluster(async () => 0);
      using denied = emulator.deny({ verb, resource });
      expect(denied).toBeDefined();
      expect(await found(emulator)).toEqual([]);
    },
  );
});

test("a namespace that is missing is an error with the command that makes it", async () => {
  await using emulator = await cluster(async () => 0);
  expect(await found(emulator, { inNamespace: "nowhere" })).toEqual([
    "error claude_k8s_namespace: The namespace nowhere does not exist.",
  ]);
});

test("a namespace that is being deleted is an error", async () => {
  await using emulator = await cluster(async () => 0);
  await put(emulator, "/api/v1/namespaces", {
    metadata: { name: "going" },
    status: { phase: "Terminating" },
  });
  const checks = await found(emulator, { inNamespace: "going" });
  expect(checks.join()).toContain("going is being deleted");
});

test("a quota without room is found", async () => {
  await using emulator = await cluster(async () => 0);
  await put(emulator, `/api/v1/namespaces/${namespace}/resourcequotas`, {
    metadata: { name: "small" },
    spec: { hard: { "requests.cpu": "500m" } },
    status: { hard: { "requests.cpu": "500m" }, used: { "requests.cpu": "0" } },
  });
  expect(await found(emulator)).toEqual([
    "error claude_k8s_quota: The quota small allows 500m of requests.cpu, 0 are taken and a run needs 1: no run ever fits.",
  ]);
});

test("a server that does not answer is the one finding", async () => {
  const emulator = await cluster(async () => 0);
  await emulator[Symbol.asyncDispose]();
  const checks = await found(emulator);
  expect(checks).toHaveLength(1);
  expect(checks[0]).toContain("error claude_k8s_api: ");
});

test("a part that fails is a finding, and stops no other", async () => {
  await using emulator = await cluster(async () => 0);
  emulator.faults.add([
    { on: { resource: "resourcequotas" }, do: { kind: "status", status: 500 } },
  ]);
  using denied = emulator.deny({ verb: "create", resource: "secrets" });
  expect(denied).toBeDefined();
  const checks = await found(emulator);
  expect(checks).toHaveLength(2);
  expect(checks[0]).toContain("error claude_k8s_right: May not create secrets");
  expect(checks[1]).toContain("warn claude_k8s_quota: This could not be asked");
});

test("the signal ends it", async () => {
  await using emulator = await cluster(async () => 0);
  const stop = new AbortController();
  emulator.faults.add([{ on: { verb: "list" }, do: { kind: "delay", ms: 60_000 } }]);
  const asked = found(emulator, { signal: stop.signal });
  const isAsked = (): boolean =>
    emulator.requests.some(({ resource }) => resource === "resourcequotas");
  await expect.poll(isAsked, { interval: 5 }).toBe(true);
  stop.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
});
