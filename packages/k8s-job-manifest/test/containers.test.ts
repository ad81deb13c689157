import { describe, expect, test } from "vitest";
import { buildRun, type RunSpec } from "../src/index.ts";
import { spec } from "./spec.ts";

function podOf(given: RunSpec) {
  const { metadata, spec: pod } = buildRun(given).job.spec.template;
  const [main] = pod.containers;
  if (main === undefined) throw new Error("there is no container");
  return { metadata, pod, main };
}

describe("a read-only root", () => {
  test("leaves /tmp writable, or the folders that are named", () => {
    const { pod, main } = podOf(spec({ program: { readOnlyRoot: true } }));
    expect(main.securityContext.readOnlyRootFilesystem).toBe(true);
    expect(main.volumeMounts.at(-1)).toEqual({ name: "run-scratch-0", mountPath: "/tmp" });
    expect(pod.volumes.at(-1)).toEqual({ name: "run-scratch-0", emptyDir: {} });

    const named = podOf(spec({ program: { readOnlyRoot: true, scratch: ["/home/a", "/work"] } }));
    expect(named.main.volumeMounts.slice(1).map(({ mountPath }) => mountPath)).toEqual([
      "/home/a",
      "/work",
    ]);
  });
});

test("a read-only root leaves a volume at /tmp alone", () => {
  const volume = { name: "tmp", source: { emptyDir: {} }, mounts: [{ path: "/tmp" }] };
  const { pod, main } = podOf(spec({ program: { readOnlyRoot: true }, volumes: [volume] }));
  expect(main.volumeMounts.slice(1)).toEqual([{ name: "tmp", mountPath: "/tmp" }]);
  expect(pod.volumes.map(({ name }) => name)).toEqual(["run-input", "tmp"]);
});

describe("a sidecar", () => {
  const given = spec({
    program: { secretEnv: { TOKEN: "of the program" } },
    volumes: [{ name: "shared", source: { emptyDir: {} }, mounts: [{ path: "/shared" }] }],
    sidecars: [
      {
        name: "proxy",
        image: "registry.example.com/proxy:1",
        argv: ["proxy", "--to=$(HOME)"],
        env: { HOME: "$(X)" },
        secretEnv: { TOKEN: "of the proxy" },
        mounts: [{ volume: "shared", path: "/in", subPath: "a", readOnly: true }],
        startupProbe: { tcpSocket: { port: 8080 } },
      },
    ],
  });

  test("is native: it starts before the program and does not keep the Job from its end", () => {
    const { pod } = podOf(given);
    expect(pod.containers).toHaveLength(1);
    expect(pod.initContainers).toHaveLength(1);
    expect(pod.initContainers?.[0]).toMatchObject({
      name: "proxy",
      restartPolicy: "Always",
      command: ["proxy", "--to=$$(HOME)"],
      volumeMounts: [{ name: "shared", mountPath: "/in", subPath: "a", readOnly: true }],
      startupProbe: { tcpSocket: { port: 8080 } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    });
  });

  test("has secrets of its own, and none of the program's", () => {
    const { pod } = podOf(given);
    expect(pod.initContainers?.[0]?.env).toEqual([
      { name: "HOME", value: "$$(X)" },
      {
        name: "TOKEN",
        valueFrom: {
          secretKeyRef: { name: "nightly-h0123456789-input", key: "sidecar.proxy.TOKEN" },
        },
      },
    ]);
    const data = buildRun(given).secrets[0]?.data ?? {};
    expect(Buffer.from(data["sidecar.proxy.TOKEN"] ?? "", "base64").toString()).toBe(
      "of the proxy",
    );
    expect(Buffer.from(data["env.TOKEN"] ?? "", "base64").toString()).toBe("of the program");
  });

  test("cannot be mistaken for a variable with a dot", () => {
    const twin = spec({
      program: { secretEnv: { "proxy.TOKEN": "of the program" } },
      sidecars: [{ name: "proxy", image: "p", secretEnv: { TOKEN: "of the proxy" } }],
    });
    const { secrets, job } = buildRun(twin);
    const values = Object.values(secrets[0]?.data ?? {}).map((value) =>
      Buffer.from(value, "base64").toString(),
    );
    expect(values.toSorted()).toEqual(["", "of the program", "of the proxy"]);
    const keys = [
      ...(job.spec.template.spec.initContainers ?? []),
      ...job.spec.template.spec.containers,
    ];
    const refs = keys.flatMap(({ env }) =>
      env.map(({ valueFrom }) => valueFrom?.secretKeyRef?.key),
    );
    expect(new Set(refs).size).toBe(2);
  });
});

describe("a preparation", () => {
  const given = spec({
    program: { secretEnv: { TOKEN: "of the program" } },
    volumes: [{ name: "work", source: { emptyDir: {} }, mounts: [{ path: "/work" }] }],
    sidecars: [{ name: "proxy", image: "registry.example.com/proxy:1" }],
    preparations: [
      {
        name: "clone",
        image: "registry.example.com/agent:1.2",
        argv: ["sh", "-c", 'fetch "$@"', "fetch", "$(URL)"],
        env: { HOME: "$(X)" },
        secretEnv: { TOKEN: "of the clone" },
        envFrom: {
          vars: [
            { name: "LOGIN", valueFrom: { secretKeyRef: { name: "login", key: "password" } } },
            { name: "TOKEN", valueFrom: { secretKeyRef: { name: "login", key: "token" } } },
          ],
        },
        workingDir: "/work",
        readOnlyRoot: true,
        mounts: [{ volume: "work", path: "/work", subPath: "a" }],
      },
      { name: "check", image: "registry.example.com/agent:1.2", argv: ["true"] },
    ],
  });

  test("runs to its end before the program, after the sidecars, and leaves its end's words", () => {
    const { pod } = podOf(given);
    expect(pod.initContainers?.map(({ name }) => name)).toEqual(["proxy", "clone", "check"]);
    const [, clone] = pod.initContainers ?? [];
    expect(clone).not.toHaveProperty("restartPolicy");
    expect(clone).toEqual({
      name: "clone",
      image: "registry.example.com/agent:1.2",
      command: ["sh", "-c", 'fetch "$$@"', "fetch", "$$(URL)"],
      env: [
        { name: "LOGIN", valueFrom: { secretKeyRef: { name: "login", key: "password" } } },
        { name: "HOME", value: "$$(X)" },
        {
          name: "TOKEN",
          valueFrom: {
            secretKeyRef: { name: "nightly-h0123456789-input", key: "preparation.clone.TOKEN" },
          },
        },
      ],
      workingDir: "/work",
      resources: {
        requests: { cpu: "250m", memory: "512Mi" },
        limits: { cpu: "4", memory: "8Gi", "ephemeral-storage": "4Gi" },
      },
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
      terminationMessagePolicy: "FallbackToLogsOnError",
      volumeMounts: [{ name: "work", mountPath: "/work", subPath: "a" }],
    });
  });

  test("has its secrets in the run's Secret, and none of the program's or of its input", () => {
    const { job, secrets } = buildRun(given);
    const data = secrets[0]?.data ?? {};
    const value = (key: string) => Buffer.from(data[key] ?? "", "base64").toString();
    expect(value("preparation.clone.TOKEN")).toBe("of the clone");
    expect(value("env.TOKEN")).toBe("of the program");
    expect(JSON.stringify(job)).not.toContain("of the clone");
    // A value for the environment is no file of the program's.
    const mounted = job.spec.template.spec.volumes.find(({ name }) => name === "run-input");
    expect(mounted?.secret?.items?.map(({ key }) => key)).toEqual(["stdin"]);
  });
});

describe("placement", () => {
  test("is passed on, and absent where nothing was said", () => {
    const placement = {
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      tolerations: [{ key: "agents", operator: "Exists", effect: "NoSchedule" }],
      runtimeClassName: "gvisor",
      imagePullSecrets: ["registry"],
      dnsPolicy: "None" as const,
      dnsConfig: { nameservers: ["10.0.0.10"] },
      hostAliases: [{ ip: "10.0.0.1", hostnames: ["git.internal"] }],
    };
    expect(podOf(spec({ placement })).pod).toMatchObject({
      ...placement,
      imagePullSecrets: [{ name: "registry" }],
    });
    const plain = podOf(spec()).pod;
    for (const field of [...Object.keys(placement), "affinity"])
      expect(plain).not.toHaveProperty(field);
  });

  test("brings pods of a claim of one node together, beside rules of one's own", () => {
    const own = { topologyKey: "zone", labelSelector: { matchLabels: { a: "b" } } };
    const given = spec({
      volumes: [
        {
          name: "work",
          source: { persistentVolumeClaim: { claimName: "alice.work" } },
          mounts: [{ path: "/work", subPath: "alice" }],
          accessMode: "ReadWriteOnce",
        },
      ],
      placement: {
        affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [own] } },
      },
    });
    const { metadata, pod, main } = podOf(given);
    const label = { "claim.claude-k8s/alice.work": "alice.work" };
    expect(metadata.labels).toMatchObject(label);
    expect(pod.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution).toEqual([
      own,
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: label } },
    ]);
    expect(main.volumeMounts.at(-1)).toEqual({
      name: "work",
      mountPath: "/work",
      subPath: "alice",
    });
  });

  test.each(["ReadWriteOncePod", "ReadWriteMany", undefined] as const)(
    "leaves a claim of %s alone",
    (mode) => {
      const claim = {
        name: "work",
        source: { persistentVolumeClaim: { claimName: "w" } },
        mounts: [{ path: "/work" }],
        ...(mode === undefined ? {} : { accessMode: mode }),
      };
      expect(podOf(spec({ volumes: [claim] })).pod).not.toHaveProperty("affinity");
    },
  );
});
