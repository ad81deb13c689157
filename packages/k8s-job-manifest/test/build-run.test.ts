import { describe, expect, test } from "vitest";
import { buildRun, JobManifestError, ownedBy, type PodSpec, type RunSpec } from "../src/index.ts";
import { spec } from "./spec.ts";

function pod(given: RunSpec): PodSpec {
  return buildRun(given).job.spec.template.spec;
}

function main(given: RunSpec) {
  const [container] = pod(given).containers;
  if (container === undefined) throw new Error("there is no container");
  return container;
}

describe("a pod by default", () => {
  test("is what the Pod Security standard restricted admits", () => {
    const { securityContext, containers, volumes } = pod(spec());
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
    expect(volumes.map((volume) => Object.keys(volume).toSorted())).toEqual([["name", "secret"]]);
  });

  test("has no token, no services in its environment, and someone to reap processes", () => {
    expect(pod(spec())).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      shareProcessNamespace: true,
    });
  });

  test("runs once, is not moved, and says in its status why it failed", () => {
    const { job } = buildRun(spec());
    expect(job.spec).toMatchObject({
      backoffLimit: 0,
      podReplacementPolicy: "Failed",
      ttlSecondsAfterFinished: 86_400,
    });
    expect(job.spec.template.spec).toMatchObject({
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 10,
    });
    expect(job.spec.template.metadata.annotations).toEqual({
      "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
      "karpenter.sh/do-not-disrupt": "true",
    });
    expect(main(spec()).terminationMessagePolicy).toBe("FallbackToLogsOnError");
  });
});

describe("names and labels", () => {
  test("are on Job, pod and Secrets; annotations not on Secrets", () => {
    const { job, secrets } = buildRun(spec({ annotations: { "example.com/note": "n" } }));
    expect(job.metadata).toEqual({
      name: "nightly-h0123456789",
      namespace: "agents",
      labels: { "example.com/agent": "a1" },
      annotations: { "example.com/note": "n" },
    });
    expect(job.spec.template.metadata).toMatchObject({
      labels: { "example.com/agent": "a1" },
      annotations: { "example.com/note": "n" },
    });
    expect(secrets.map(({ metadata }) => metadata)).toEqual([
      {
        name: "nightly-h0123456789-input",
        namespace: "agents",
        labels: { "example.com/agent": "a1" },
      },
    ]);
  });

  test("of container and Secret can be chosen", () => {
    const given = spec({ containerName: "claude", secretName: "attempt-1" });
    expect(main(given).name).toBe("claude");
    expect(buildRun(given).secrets[0]?.metadata.name).toBe("attempt-1");
  });

  test("give the same manifests for the same spec", () => {
    expect(buildRun(spec())).toEqual(buildRun(spec()));
  });
});

describe("what must not be read by everyone", () => {
  const secrets = ["the prompt", "the token", "the file"];
  const given = spec({
    program: {
      stdin: "the prompt",
      secretEnv: { TOKEN: "the token" },
      files: { "/home/agent/mcp.json": "the file" },
    },
  });

  test("is in the Secret, and nowhere in the Job", () => {
    const {
      job,
      secrets: [secret],
    } = buildRun(given);
    const shown = JSON.stringify(job);
    for (const value of secrets) {
      expect(shown).not.toContain(value);
      expect(shown).not.toContain(Buffer.from(value).toString("base64"));
    }
    const values = Object.values(secret?.data ?? {}).map((value) => Buffer.from(value, "base64"));
    expect(values.map(String).toSorted()).toEqual(secrets.toSorted());
    expect(secret).toMatchObject({ immutable: true, type: "Opaque" });
  });

  test("reaches the program by reference", () => {
    const { env, volumeMounts, command } = main(given);
    const name = "nightly-h0123456789-input";
    expect(env).toEqual([
      { name: "TOKEN", valueFrom: { secretKeyRef: { name, key: "env.TOKEN" } } },
    ]);
    expect(volumeMounts).toEqual([
      { name: "run-input", mountPath: "/run/claude-k8s/input", readOnly: true },
      { name: "run-input", mountPath: "/home/agent/mcp.json", subPath: "file-0", readOnly: true },
    ]);
    expect(command?.slice(0, 3)).toEqual(["sh", "-c", 'exec "$@" < /run/claude-k8s/input/stdin']);
    expect(pod(given).volumes).toEqual([
      {
        name: "run-input",
        secret: {
          secretName: name,
          defaultMode: 0o440,
          items: [
            { key: "file-0", path: "file-0" },
            { key: "stdin", path: "stdin" },
          ],
        },
      },
    ]);
  });
});

describe("the environment", () => {
  test("has each name once: secret values win over literal ones, these over references", () => {
    const valueFrom = { secretKeyRef: { name: "provider", key: "key" } };
    const given = spec({
      program: {
        env: { A: "literal", B: "literal" },
        secretEnv: { A: "secret" },
        envFrom: {
          vars: [
            { name: "A", valueFrom },
            { name: "B", valueFrom },
            { name: "C", valueFrom },
          ],
          sources: [{ configMapRef: { name: "defaults" } }],
        },
      },
    });
    const { env, envFrom } = main(given);
    expect(env.map(({ name, value }) => [name, value])).toEqual([
      ["C", undefined],
      ["B", "literal"],
      ["A", undefined],
    ]);
    expect(env[2]?.valueFrom?.secretKeyRef?.key).toBe("env.A");
    expect(envFrom).toEqual([{ configMapRef: { name: "defaults" } }]);
  });
});

describe("life", () => {
  test("tells the Job's deadline from the run's own limit", () => {
    const { job } = buildRun(spec({ life: { activeDeadlineSeconds: 900, runLimitSeconds: 600 } }));
    expect(job.spec.activeDeadlineSeconds).toBe(900);
    expect(job.spec.template.spec.activeDeadlineSeconds).toBe(600);
  });

  test.each([
    [true, true],
    [false, undefined],
    [undefined, undefined],
  ])("with suspend %s the Job says %s", (suspend, said) => {
    const given = suspend === undefined ? spec() : spec({ suspend });
    expect(buildRun(given).job.spec.suspend).toBe(said);
  });
});

test("an owner reference names the Job, and blocks nothing", () => {
  expect(ownedBy({ name: "j", uid: "u" })).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    name: "j",
    uid: "u",
  });
});

test("an error lists every problem and is known across copies of the package", () => {
  const given = spec({ name: "No", program: { argv: [], secretEnv: { "=": "s3cret\0" } } });
  let thrown: unknown;
  try {
    buildRun(given);
  } catch (error) {
    thrown = error;
  }
  if (!JobManifestError.isInstance(thrown)) throw new Error("not refused", { cause: thrown });
  expect(thrown.code).toBe("JOB_MANIFEST_INVALID");
  expect(thrown.problems.map(({ path }) => path)).toEqual([
    "name",
    "program.argv[0]",
    'program.secretEnv["="]',
    'program.secretEnv["="]',
  ]);
  expect(thrown.message).toContain("name must be a DNS label");
  expect(thrown.message).not.toContain("s3cret");
});
