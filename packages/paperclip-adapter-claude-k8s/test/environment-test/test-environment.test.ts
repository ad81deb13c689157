import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeHttp } from "@claude-k8s/kube-http";
import { childProcessProgram, type Emulator } from "@claude-k8s/kubernetes-emulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testEnvironment, type TestLimits } from "../../src/environment-test/test-environment.ts";
import { createServerAdapter } from "../../src/index.ts";
import { parseKubeConfig, quickLimits } from "../../src/server/k8s-client.ts";
import type { SelfPodInfo } from "../../src/server/self-pod.ts";
import { cluster, expectNothingLeft } from "../support/cluster.ts";
import { earlierJob } from "../support/earlier-adapter.ts";
import { image, namespace } from "../support/fake-host.ts";

let bin = "";
let host: Server;
let hostUrl = "";

/** The probe's script runs for real, in a shell of this machine that finds a `claude` of ours. */
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), "environment-test-"));
  for (const [name, hasClaude] of [
    ["whole", true],
    ["bare", false],
  ] as const) {
    const folder = join(bin, name);
    await mkdir(folder);
    await symlink("/bin/rm", join(folder, "rm"));
    await symlink(process.execPath, join(folder, "node"));
    await program(join(folder, "shell"), `PATH=${folder} exec /bin/sh "$@"`);
    if (hasClaude) await program(join(folder, "claude"), "echo '2.1.330 (Claude Code)'");
  }
  host = createServer((_request, response) => response.end("{}"));
  await new Promise<void>((resolve) => host.listen(0, "127.0.0.1", resolve));
  // No loopback by its name, but one that this machine's children reach.
  hostUrl = `http://[::ffff:127.0.0.1]:${(host.address() as AddressInfo).port}`;
});
afterAll(async () => {
  host.close();
  await rm(bin, { recursive: true, force: true });
});

async function program(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
}

const brief: TestLimits = {
  findMs: 8_000,
  removeMs: 4_000,
  policy: {
    unschedulable: "wait",
    scheduleTimeoutMs: 3_000,
    imageGraceMs: 100,
    imageAbsentGraceMs: 50,
    configGraceMs: 100,
    quotaGraceMs: 100,
    admissionGraceMs: 100,
  },
};

const good = { namespace, image, env: { ANTHROPIC_API_KEY: "sk-ant-test" } };

interface Asked {
  readonly config?: Record<string, unknown>;
  readonly self?: Partial<SelfPodInfo>;
  readonly limits?: Partial<TestLimits>;
}

async function asked(emulator: Emulator, { config, self, limits }: Asked = {}) {
  const http = kubeHttp(parseKubeConfig(emulator.kubeConfig).config, quickLimits);
  try {
    return await testEnvironment(
      { companyId: "c", config: { ...good, ...config } },
      async () => ({ http, self: { namespace, ...self } }),
      { ...brief, ...limits },
    );
  } finally {
    http.close();
  }
}

/** What is not as it should be, in short; and that nothing is left of the probe. */
async function wrong(emulator: Emulator, more: Asked = {}): Promise<string[]> {
  const { checks } = await asked(emulator, more);
  await expectNothingLeft(emulator);
  return checks
    .filter(({ level, code }) => level !== "info" && code !== "claude_k8s_host_url")
    .map(({ level, code, message, hint }) => {
      expect(hint === undefined && level === "error").toBe(false);
      return `${level} ${code}: ${message}`;
    });
}

const shellOf = (name: string) => childProcessProgram({ command: [join(bin, name, "shell")] });
const healthy = (): Promise<Emulator> => cluster(shellOf("whole"));

async function post(emulator: Emulator, path: string, body: object): Promise<void> {
  const answer = await fetch(`${emulator.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
}

describe("a cluster that has everything", () => {
  test("passes: the version is told, the log was followed, and nothing is left", async () => {
    await using emulator = await healthy();
    const { status, checks } = await asked(emulator);
    const said = checks.map(({ message }) => message).join("\n");
    expect(said).toContain(`The image ${image} has claude 2.1.330 (Claude Code).`);
    expect(said).toMatch(/log was followed live to its end \(\d lines\)/);
    expect(said).toContain("takes a run's Job and Secrets (dry run)");
    expect(checks.filter(({ level }) => level === "error")).toEqual([]);
    expect(status).toBe("warn"); // The host's own address is its loopback here, which is told.
    await expectNothingLeft(emulator);
  });

  test("with an address of the host that pods reach it passes without a word", async () => {
    await using emulator = await healthy();
    const env = { ...good.env, PAPERCLIP_API_URL: hostUrl };
    const { status, checks } = await asked(emulator, { config: { env } });
    expect(checks.filter(({ level }) => level !== "info")).toEqual([]);
    expect(status).toBe("pass");
    expect(JSON.stringify(checks)).toContain("A pod reaches the server's API at http://[::ffff:");
  });
});

describe("what stands in the way is found", () => {
  test("an image that is not set", async () => {
    await using emulator = await healthy();
    expect(await wrong(emulator, { config: { image: "" } })).toEqual([
      expect.stringMatching(/^error claude_k8s_image: image is not set/),
    ]);
  });

  test("settings of which no manifest can be built", async () => {
    await using emulator = await healthy();
    const config = { "resources.requests.cpu": "2", "resources.limits.cpu": "1" };
    expect(await wrong(emulator, { config })).toEqual([
      expect.stringMatching(/^error claude_k8s_setting: .*cpu/s),
    ]);
  });

  test("an image that cannot be pulled", async () => {
    await using emulator = await healthy();
    expect(await wrong(emulator, { config: { image: "nowhere/agent:9" } })).toEqual([
      expect.stringMatching(
        /^error claude_k8s_image: The image nowhere\/agent:9 cannot be pulled: /,
      ),
    ]);
  });

  test("an image without claude", async () => {
    await using emulator = await cluster(shellOf("bare"));
    expect(await wrong(emulator)).toEqual([
      `error claude_k8s_image: The image ${image} has no claude on its PATH.`,
    ]);
  });

  test("an image without a shell", async () => {
    await using emulator = await cluster(async () => 127);
    const found = await wrong(emulator);
    expect(found[0]).toContain(
      "error claude_k8s_image: The image agent:test does not run the probe",
    );
  });

  test("no way to a project's files; git in the image is asked for where it would clone", async () => {
    await using emulator = await healthy();
    const said = async (more: Asked): Promise<string[]> => {
      const { checks } = await asked(emulator, more);
      return checks
        .filter(({ code }) => code === "claude_k8s_workspace")
        .map(({ level, message }) => `${level}: ${message}`);
    };
    expect(await said({})).toEqual([
      expect.stringMatching(/^info: Repositories of projects are cloned: .* no volume claim/),
      expect.stringMatching(/^info: The image agent:test has no git that runs/),
    ]);
    expect(await said({ config: { cloneRepo: false } })).toEqual([
      expect.stringMatching(/^warn: Tasks of a project with files are refused: .*cloneRepo is off/),
    ]);
    expect(await said({ config: { cloneRepo: false, requireWorkspace: false } })).toEqual([
      expect.stringMatching(/^warn: Tasks of a project begin in an empty folder/),
    ]);
    const claimMounts = [
      { claim: "data", mountPath: "/paperclip", subPath: "", isReadOnly: false },
    ];
    expect(await said({ self: { volumeClaim: "data", claimMounts } })).toEqual([
      "info: Tasks work in the server's own folders on the claim data.",
    ]);
  });

  test("no login of a provider", async () => {
    await using emulator = await healthy();
    expect(await wrong(emulator, { config: { env: {} } })).toEqual([
      expect.stringMatching(/^warn claude_k8s_credentials: /),
    ]);
  });

  test("a claim that does not exist", async () => {
    await using emulator = await healthy();
    expect(await wrong(emulator, { config: { workspaceVolumeClaim: "home" } })).toEqual([
      `error claude_k8s_volume: The claim home does not exist in ${namespace}.`,
    ]);
  });

  test("a volume that cannot be written", async () => {
    await using emulator = await healthy();
    await post(emulator, `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
      metadata: { name: "home" },
      spec: { accessModes: ["ReadWriteMany"] },
    });
    const found = await wrong(emulator, { config: { workspaceVolumeClaim: "home" } });
    expect(found).toEqual([expect.stringMatching(/^error claude_k8s_volume: .*cannot be written/)]);
  });

  test("no node that fits", async () => {
    await using emulator = await healthy();
    const found = await wrong(emulator, { config: { nodeSelector: { gpu: "yes" } } });
    expect(found).toEqual([
      expect.stringMatching(/^error claude_k8s_job: No node takes the pod: /),
    ]);
  });

  test("a service account that does not exist, which admission refuses", async () => {
    await using emulator = await healthy();
    const found = await wrong(emulator, { config: { serviceAccountName: "nobody" } });
    expect(found.join()).toMatch(/^error claude_k8s_job: .*nobody/);
  });

  test("a quota that is full, by its status and by what its admission does", async () => {
    await using emulator = await healthy();
    await post(emulator, `/api/v1/namespaces/${namespace}/resourcequotas`, {
      metadata: { name: "team" },
      spec: { hard: { pods: "0" } },
      status: { hard: { pods: "0" }, used: { pods: "0" } },
    });
    expect((await wrong(emulator))[0]).toMatch(/^error claude_k8s_quota: The quota team allows 0/);
    using denied = emulator.deny({ verb: "list", resource: "resourcequotas" });
    expect(denied).toBeDefined();
    expect((await wrong(emulator)).join()).toContain(
      "error claude_k8s_quota: The namespace's quota refuses the pod: ",
    );
  });

  test("a reference to a Secret that is missing", async () => {
    await using emulator = await healthy();
    const inheritedEnvValueFrom = [
      { name: "ANTHROPIC_API_KEY", valueFrom: { secretKeyRef: { name: "gone", key: "key" } } },
    ];
    const found = await wrong(emulator, { config: { env: {} }, self: { inheritedEnvValueFrom } });
    expect(found.join()).toMatch(/^error claude_k8s_job: The pod cannot start: .*gone/);
  });

  test("a log that cannot be followed", async () => {
    await using emulator = await healthy();
    emulator.faults.add([{ on: { subresource: "log" }, do: { kind: "status", status: 502 } }]);
    const found = await wrong(emulator, { limits: { findMs: 3_000 } });
    expect(found.join()).toMatch(/claude_k8s_(log|time)/);
  });

  test("a missing right, before any Job is made", async () => {
    await using emulator = await healthy();
    using denied = emulator.deny({ verb: "create", resource: "secrets" });
    expect(denied).toBeDefined();
    const found = await wrong(emulator);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`May not create secrets in ${namespace}`);
    expect(
      emulator.requests.some(({ verb, resource }) => verb === "create" && resource === "jobs"),
    ).toBe(false);
  });

  test("an address of the host that no pod reaches", async () => {
    await using emulator = await healthy();
    const env = { ...good.env, PAPERCLIP_API_URL: "http://[::ffff:127.0.0.1]:1" };
    const { checks } = await asked(emulator, { config: { env } });
    expect(checks.filter(({ level }) => level !== "info")).toEqual([
      expect.objectContaining({
        code: "claude_k8s_host_url",
        level: "warn",
        hint: expect.stringContaining("paperclipUrl"),
      }),
    ]);
  });

  test("a Job that the API server refuses, in the dry run", async () => {
    await using emulator = await healthy();
    emulator.faults.add([
      { on: { verb: "create", resource: "jobs" }, do: { kind: "status", status: 422 } },
    ]);
    expect(await wrong(emulator)).toEqual([
      expect.stringMatching(/^error claude_k8s_job: The API server refuses a run's Job: /),
    ]);
  });
});

describe("whatever happens", () => {
  test("a probe that hangs is told when the time is up, and removed", async () => {
    await using emulator = await cluster(async (program) => {
      await program.sleep(60_000);
      return 0;
    });
    const found = await wrong(emulator, { limits: { findMs: 700 } });
    expect(found).toEqual([
      "warn claude_k8s_time: The probe Job did not end in time; it was at: running.",
    ]);
  });

  test("an API server that hangs ends the test when its time is up", async () => {
    await using emulator = await healthy();
    emulator.faults.add([{ on: { verb: "list" }, do: { kind: "delay", ms: 60_000 } }]);
    const { checks } = await asked(emulator, { limits: { findMs: 300 } });
    expect(checks.map(({ code }) => code)).toContain("claude_k8s_time");
  });

  test("what is taken over from the server's own pod is told", async () => {
    await using emulator = await healthy();
    const { checks } = await asked(emulator, {
      config: { image: "", env: {} },
      self: { image, inheritedEnv: { ANTHROPIC_API_KEY: "sk", DATABASE_URL: "postgres://" } },
    });
    const said = checks.find(({ code }) => code === "claude_k8s_inherited");
    expect(said?.message).toBe(
      `Taken over from the server's pod: image: image ${image}; variables ANTHROPIC_API_KEY.`,
    );
    expect(checks.map(({ message }) => message)).toContain(
      "Variables of the server that runs do not get: DATABASE_URL.",
    );
  });

  test("Jobs of an earlier adapter are told", async () => {
    await using emulator = await healthy();
    const name = await earlierJob(emulator);
    const { checks } = await asked(emulator);
    expect(checks.find(({ code }) => code === "claude_k8s_earlier_jobs")).toMatchObject({
      level: "info",
      message: `Jobs of an earlier adapter in ${namespace}: ${name}.`,
    });
  });

  test("a pod of our own that may not be read is told", async () => {
    await using emulator = await healthy();
    const found = await wrong(emulator, { self: { unread: "pods is forbidden" } });
    expect(found.join()).toContain("pods is forbidden");
  });

  test("wrong settings and a kubeconfig that is not there are findings, not faults", async () => {
    const result = await createServerAdapter().testEnvironment({
      companyId: "c",
      adapterType: "claude_k8s",
      config: { timeoutSec: "x", kubeconfig: "/nowhere/config" },
    });
    expect(result.status).toBe("fail");
    const codes = result.checks.map(({ code }) => code);
    expect(codes).toEqual(["claude_k8s_setting", "claude_k8s_kubeconfig"]);
  });
});

describe("when an agent is approved", () => {
  const payload = {
    companyId: "c",
    agentId: "a",
    agentName: "Ada",
    adapterType: "claude_k8s",
    source: "approval" as const,
    sourceId: "s",
    approvedAt: "2026-11-25T00:00:00Z",
    message: "hired",
  };

  test("the half that creates nothing is run, on variables as they are stored", async () => {
    await using emulator = await healthy();
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const config = { ...good, env: { ANTHROPIC_API_KEY: { type: "secret_ref", secretId: "1" } } };
    expect(await adapter.onHireApproved?.(payload, config)).toEqual({
      ok: true,
      detail: { checks: [] },
    });
    expect(
      emulator.requests.some(({ verb, resource }) => verb === "create" && resource === "jobs"),
    ).toBe(false);
  });

  test("what stands in the way is its error", async () => {
    await using emulator = await healthy();
    const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
    const answer = await adapter.onHireApproved?.(payload, { ...good, namespace: "nowhere" });
    expect(answer).toMatchObject({ ok: false, error: "The namespace nowhere does not exist." });
  });
});
