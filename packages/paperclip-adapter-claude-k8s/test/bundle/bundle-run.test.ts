// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { Emulator, EmulatorOptions, ProgramContext } from "@claude-k8s/kubernetes-emulator";
import { readdir, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { keptMs } from "../../src/bundle/prune-bundles.ts";
import { lay, temporary } from "../support/bundle.ts";
import { cluster, expectNothingLeft, withClaim } from "../support/cluster.ts";
import { type FakeHost, fakeHost, namespace } from "../support/fake-host.ts";
import { serverProcess } from "../support/process.ts";
import { healthyOutput } from "../support/transcript.ts";

/** What the program found, and how the run's objects stood meanwhile. */
interface Seen {
  readonly argv: readonly string[];
  readonly stdin: Buffer;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly jobs: readonly StoredJob[];
  readonly secrets: readonly Stored[];
}

interface Stored {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly data?: Readonly<Record<string, string>>;
}

interface StoredJob extends Stored {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly volumeMounts: readonly { readonly mountPath: string }[];
        }[];
      };
    };
  };
}

const bundleDir = "/claude-k8s/bundle";

interface Stage extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly seen: Seen[];
}

async function world(options: EmulatorOptions = {}): Promise<Stage> {
  const seen: Seen[] = [];
  const emulator = await cluster(async (program) => {
    seen.push(await look(emulator, program));
    program.stdout.write(healthyOutput);
    return 0;
  }, options);
  return { emulator, seen, [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose]() };
}

async function look(emulator: Emulator, program: ProgramContext): Promise<Seen> {
  const pieces: Uint8Array[] = [];
  for await (const piece of program.stdin) pieces.push(piece);
  const list = async <T>(group: string, kind: string): Promise<T[]> => {
    const answer = await fetch(`${emulator.url}/${group}/namespaces/${namespace}/${kind}`);
    return ((await answer.json()) as { items: T[] }).items;
  };
  return {
    argv: program.argv,
    stdin: Buffer.concat(pieces),
    files: await program.files(),
    jobs: await list<StoredJob>("apis/batch/v1", "jobs"),
    secrets: await list<Stored>("api/v1", "secrets"),
  };
}

/** A host whose agent has a managed folder of instructions and these skills. */
async function host(
  skills: Readonly<Record<string, Readonly<Record<string, string>>>>,
  config: Record<string, unknown> = {},
): Promise<FakeHost> {
  const root = await temporary();
  await lay(root, { "instructions/AGENTS.md": "# Me", "instructions/TOOLS.md": "# Tools" });
  const entries = [];
  for (const [name, texts] of Object.entries(skills)) {
    const source = path.join(root, "skills", name);
    await lay(source, texts);
    entries.push({ key: name, runtimeName: name, source, sourceStatus: "available" });
  }
  return fakeHost({
    mcp: [{ name: "tools", url: "https://tools.example/mcp", token: "t", connectionId: "c" }],
    config: {
      promptTemplate: "Do it.",
      instructionsBundleMode: "managed",
      instructionsRootPath: path.join(root, "instructions"),
      instructionsFilePath: path.join(root, "instructions/AGENTS.md"),
      paperclipRuntimeSkills: entries,
      paperclipSkillSync: { desiredSkills: Object.keys(skills) },
      ...config,
    },
  });
}

/** What lies below the bundle, as text. */
function bundled({ files }: Seen): Record<string, string> {
  return Object.fromEntries(
    [...files].flatMap(([file, content]) =>
      file.startsWith(`${bundleDir}/`)
        ? [[file.slice(bundleDir.length + 1), Buffer.from(content).toString()] as const]
        : [],
    ),
  );
}

function warningsOf(fake: FakeHost): string {
  return fake.chunks.map(({ text }) => text).join("");
}

const skill = { "SKILL.md": "# Skill", "run.sh": "#!/bin/sh\necho ran\n" };

test("megabytes of skills and a prompt of one arrive to the byte, in Secrets that go with the Job", async () => {
  await using stage = await world();
  const { emulator, seen } = stage;
  const large = Array.from({ length: 5 }, (_, index) => `${index}`.repeat(430_000));
  const prompt = "Grüße 😀\n".repeat(2 ** 20 / 14);
  const fake = await host(
    { one: { ...skill, ...Object.fromEntries(large.map((text, i) => [`data/${i}`, text])) } },
    { promptTemplate: prompt },
  );
  const server = serverProcess(emulator);
  const result = await server.execute(fake.context);
  expect(result.errorMessage).toBeNull();
  const [found] = seen;
  if (found === undefined) throw new Error("the program did not run");
  expect(found.stdin.includes(prompt.trim())).toBe(true);
  const texts = bundled(found);
  expect(texts).toMatchObject({
    ".claude/skills/one/SKILL.md": skill["SKILL.md"],
    ".claude/skills/one/run.sh": skill["run.sh"],
    "instructions/AGENTS.md": "# Me",
    "instructions/TOOLS.md": "# Tools",
  });
  for (const [index, text] of large.entries())
    expect(texts[`.claude/skills/one/data/${index}`] === text).toBe(true);
  expect(Buffer.from(found.files.get("/claude-k8s/mcp.json") ?? []).toString()).toContain("tools");

  expect(found.jobs).toHaveLength(1);
  expect(found.secrets.length).toBeGreaterThanOrEqual(4);
  for (const { metadata, data = {} } of found.secrets) {
    expect(metadata.ownerReferences?.map(({ uid }) => uid)).toEqual([found.jobs[0]?.metadata.uid]);
    const values = Object.values(data).map((value) => Buffer.from(value, "base64").length);
    expect(values.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(2 ** 20);
  }
  expect(JSON.stringify(found.jobs[0]?.spec)).toContain('"mode":360');
  await expectNothingLeft(emulator);
});

interface Volume {
  /** Where the server has the claim mounted. */
  readonly mountPath: string;
  /** What pods see of the claim. Default: the same. */
  readonly podsSee?: string;
  readonly isReadOnly?: boolean;
  readonly serverNamespace?: string;
  readonly fake: FakeHost;
}

async function runOnVolume({
  mountPath,
  podsSee = mountPath,
  isReadOnly = false,
  serverNamespace = namespace,
  fake,
}: Volume): Promise<{ result: AdapterExecutionResult; seen: Seen[] }> {
  await using stage = await world({ claimFolders: { [`${namespace}/data`]: podsSee } });
  const { emulator, seen } = stage;
  await withClaim(emulator, "data");
  const server = serverProcess(emulator, emulator.kubeConfig, {
    namespace: serverNamespace,
    claimMounts: [{ claim: "data", mountPath, subPath: "", isReadOnly }],
  });
  const result = await server.execute(fake.context);
  await expectNothingLeft(emulator);
  return { result, seen };
}

const onClaim = { workspaceVolumeClaim: "data" };

test("on a claim that the server writes, the bundle is a read-only folder and in no Secret", async () => {
  const mountPath = await temporary();
  const fake = await host({ one: skill }, onClaim);
  const { result, seen } = await runOnVolume({ mountPath, fake });
  expect(result.errorMessage).toBeNull();
  const [found] = seen;
  const [key] = await readdir(path.join(mountPath, "claude-k8s/bundles")).then((names) =>
    names.filter((name) => !name.startsWith(".")),
  );
  expect(found && bundled(found)).toMatchObject({
    ".claude/skills/one/run.sh": skill["run.sh"],
    "instructions/TOOLS.md": "# Tools",
  });
  expect(found?.argv.join(" ")).toContain(`--add-dir ${bundleDir}`);
  expect(found?.argv.join(" ")).toContain(`${bundleDir}/agent-instructions.md`);
  const [job] = found?.jobs ?? [];
  expect(job?.metadata.annotations?.["claude-k8s/bundle"]).toBe(key);
  const mounts = job?.spec.template.spec.containers[0]?.volumeMounts ?? [];
  expect(mounts.filter((mount) => mount.mountPath.startsWith(bundleDir))).toEqual([
    {
      name: "workspace",
      mountPath: bundleDir,
      subPath: `claude-k8s/bundles/${key}`,
      readOnly: true,
    },
  ]);
  const values = (found?.secrets ?? []).flatMap(({ data = {} }) => Object.values(data));
  const texts = values.map((value) => Buffer.from(value, "base64").toString());
  expect(texts.filter((text) => text.includes("# Skill") || text.includes("# Me"))).toEqual([]);
  expect(result.sessionParams?.["promptBundleKey"]).toBe(key);
});

test("the session's key is that of the content, whichever way it came", async () => {
  const fake = await host({ one: skill });
  await using stage = await world();
  const { emulator, seen } = stage;
  const inSecret = await serverProcess(emulator).execute(fake.context);
  const onVolume = await runOnVolume({
    mountPath: await temporary(),
    fake: fakeHost({ config: { ...fake.context.config, ...onClaim } }),
  });
  expect(onVolume.seen[0]?.jobs[0]?.metadata.annotations).toHaveProperty("claude-k8s/bundle");
  expect(seen[0]?.jobs[0]?.metadata.annotations).not.toHaveProperty("claude-k8s/bundle");
  const key = inSecret.sessionParams?.["promptBundleKey"];
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(onVolume.result.sessionParams?.["promptBundleKey"]).toBe(key);
});

test.each<[why: string, isReadOnly: boolean, serverNamespace: string]>([
  ["it is mounted read-only", true, namespace],
  ["it is another namespace's of the same name", false, "servers"],
])(
  "where the server cannot write the claim, as %s, the bundle goes in Secrets without a word",
  async (_why, isReadOnly, serverNamespace) => {
    const mountPath = await temporary();
    const fake = await host({ one: skill }, onClaim);
    const { result, seen } = await runOnVolume({ mountPath, isReadOnly, serverNamespace, fake });
    expect(result.errorMessage).toBeNull();
    expect(seen[0] && bundled(seen[0])).toHaveProperty(".claude/skills/one/SKILL.md");
    expect(await readdir(mountPath)).toEqual([]);
    expect(warningsOf(fake)).not.toContain("volume");
  },
);

test("where the volume turns out not to take it, the bundle goes in Secrets, and a warning says so", async () => {
  const mountPath = await temporary();
  await writeFile(path.join(mountPath, "claude-k8s"), "a file in the way");
  const fake = await host({ one: skill, big: { "SKILL.md": "x".repeat(1_000_001) } }, onClaim);
  const { result, seen } = await runOnVolume({ mountPath, fake });
  expect(result.errorMessage).toBeNull();
  const texts = seen[0] && bundled(seen[0]);
  expect(texts).toHaveProperty(".claude/skills/one/SKILL.md");
  expect(texts).not.toHaveProperty(".claude/skills/big/SKILL.md");
  expect(warningsOf(fake)).toMatch(/cannot be put on the volume and go in the run's Secrets: ENOT/);
  expect(warningsOf(fake)).toMatch(/the skill big was left out: .*at most 1000000 of one file/);
});

test("a pod that does not find the bundle does not run without it", async () => {
  // The kubelet makes a subPath that is not there: another place is mounted than the server wrote to.
  const fake = await host({ one: skill }, onClaim);
  const places = { mountPath: await temporary(), podsSee: await temporary() };
  const { result, seen } = await runOnVolume({ ...places, fake });
  expect(seen).toEqual([]);
  expect(result.exitCode).toBe(66);
  expect(result.errorCode).toBe("k8s_pod_schedule_failed");
  expect(result.errorMessage).toContain(`${bundleDir}/agent-instructions.md is not there`);
});

test("without skills and instructions nothing is written, mounted or needed", async () => {
  const mountPath = await temporary();
  const fake = fakeHost({ config: { promptTemplate: "Do it.", ...onClaim } });
  const { result, seen } = await runOnVolume({ mountPath, fake });
  expect(result.errorMessage).toBeNull();
  expect(await readdir(mountPath)).toEqual([]);
  expect(seen[0]?.argv).not.toContain("--add-dir");
});

test("a bundle that was tampered with is replaced before the run, and the run says so", async () => {
  const mountPath = await temporary();
  const bundles = path.join(mountPath, "claude-k8s/bundles");
  const fake = await host({ one: skill }, onClaim);
  const first = await runOnVolume({ mountPath, fake });
  const key = String(first.result.sessionParams?.["promptBundleKey"]);
  await rm(path.join(bundles, key, ".claude/skills/one/SKILL.md"));
  const again = fakeHost({ config: fake.context.config });
  const { seen } = await runOnVolume({ mountPath, fake: again });
  expect(seen[0] && bundled(seen[0])).toHaveProperty(".claude/skills/one/SKILL.md");
  expect(warningsOf(again)).toMatch(/was replaced: \.claude\/skills\/one\/SKILL\.md is missing/);
});

test("bundles that nobody uses go when a run comes; one that a Job has stays, however old", async () => {
  const mountPath = await temporary();
  const bundles = path.join(mountPath, "claude-k8s/bundles");
  const [unused, used] = ["a".repeat(64), "b".repeat(64)];
  const longAgo = new Date(Date.now() - 2 * keptMs);
  for (const key of [unused, used]) {
    await lay(bundles, { [`${key}/SKILL.md`]: "old" });
    await utimes(path.join(bundles, key), longAgo, longAgo);
  }
  await using stage = await world({ claimFolders: { [`${namespace}/data`]: mountPath } });
  const { emulator } = stage;
  await withClaim(emulator, "data");
  const job = await fetch(`${emulator.url}/apis/batch/v1/namespaces/${namespace}/jobs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      metadata: {
        name: "of-another-run",
        labels: { "paperclip.io/adapter-type": "claude_k8s" },
        annotations: { "claude-k8s/bundle": used },
      },
      spec: {
        suspend: true,
        template: {
          spec: { restartPolicy: "Never", containers: [{ name: "claude", image: "agent:test" }] },
        },
      },
    }),
  });
  expect(job.status).toBe(201);
  const server = serverProcess(emulator, emulator.kubeConfig, {
    claimMounts: [{ claim: "data", mountPath, subPath: "", isReadOnly: false }],
  });
  const fake = await host({ one: skill }, onClaim);
  const result = await server.execute(fake.context);
  expect(result.errorMessage).toBeNull();
  const left = (await readdir(bundles)).filter((name) => name !== ".pruned").toSorted();
  expect(left).toEqual([used, String(result.sessionParams?.["promptBundleKey"])].toSorted());
  expect(warningsOf(fake)).not.toContain("could not be removed");
});
