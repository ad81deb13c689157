// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { Emulator, ProgramContext } from "@claude-k8s/kubernetes-emulator";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fieldsOf } from "../../src/untyped.ts";
import { cluster, expectNothingLeft, requestsOf, withClaim } from "../support/cluster.ts";
import {
  type FakeHost,
  type FakeHostOptions,
  fakeHost as plainHost,
  namespace,
} from "../support/fake-host.ts";
import { gitServer, hasGit } from "../support/git-server.ts";
import { mountedAt, reallyRun } from "../support/mounted-folders.ts";
import { serverProcess } from "../support/process.ts";
import { diagnosticsOf, kubernetesOf } from "../support/result.ts";
import { healthyOutput } from "../support/transcript.ts";

/** A host whose address pods reach, so that nothing is said of it. */
function fakeHost({ config, ...rest }: FakeHostOptions): FakeHost {
  return plainHost({ ...rest, config: { paperclipUrl: "http://paperclip.example", ...config } });
}

/** Where the volumes of the tests' pods are on this machine. */
let disk = "";
beforeEach(async () => {
  disk = await realpath(await mkdtemp(path.join(tmpdir(), "disk-")));
});
afterEach(() => rm(disk, { recursive: true, force: true }));

/** What the program does in its workspace: it is given the folder, and its container. */
type Work = (folder: string, context: ProgramContext) => Promise<void> | void;

/** An emulator whose image clones really, and then works. */
async function working(work: Work): Promise<Emulator> {
  const emulator = await cluster(async (context) => {
    if (context.container !== "claude") return reallyRun(emulator, context, disk);
    const wanted = context.workingDir;
    await work(await mountedAt(emulator, context, { disk, wanted }), context);
    context.stdout.write(healthyOutput);
    return 0;
  });
  return emulator;
}

function run(emulator: Emulator, host: FakeHost): Promise<AdapterExecutionResult> {
  return serverProcess(emulator).execute(host.context);
}

function git(cwd: string, ...args: string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  const { status, stdout, stderr } = spawnSync("git", [...who, ...args], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`git ${args.join(" ")}: ${stderr}`);
  return stdout.trim();
}

const warningsOf = ({ resultJson }: AdapterExecutionResult): unknown[] =>
  [resultJson?.["warnings"] ?? []].flat();

const project = (rest: Record<string, unknown>) => ({
  context: {
    taskId: "task-1",
    paperclipWorkspace: { source: "project_primary", workspaceId: "w1", ...rest },
  },
});

describe.skipIf(!hasGit)("the server's own worktree", () => {
  test("is where the program works, and the host sees what it commits", async () => {
    // The server has the folder `home` of its claim at the very path where this machine has it.
    const home = path.join(disk, "data", "home");
    const main = path.join(home, "site");
    const tree = path.join(main, ".paperclip", "worktrees", "issue-7");
    await mkdir(main, { recursive: true });
    git(main, "init", "--quiet", "--initial-branch=main");
    git(main, "commit", "--quiet", "--allow-empty", "-m", "first");
    git(main, "worktree", "add", "--quiet", "-b", "issue-7", tree);
    const mounts = [{ claim: "data", mountPath: home, subPath: "home", isReadOnly: false }];

    let env: Readonly<Record<string, string>> = {};
    await using emulator = await working(async (folder, context) => {
      ({ env } = context);
      await writeFile(path.join(folder, "answer"), "42");
      git(folder, "add", "answer");
      git(folder, "commit", "--quiet", "-m", "the answer");
      const wanted = path.join(main, ".git");
      expect(await mountedAt(emulator, context, { disk, wanted })).toBe(wanted);
      // What else the server has there is not the pod's: that place is in its own /tmp.
      const other = await mountedAt(emulator, context, { disk, wanted: path.join(home, "other") });
      expect(path.relative(disk, other)).toMatch(/^claude-agent-/);
    });
    await withClaim(emulator, "data");
    const given = project({ cwd: tree, worktreePath: tree, strategy: "git_worktree" });
    const host = fakeHost({ ...given, config: { workspaceVolumeClaim: "data" } });
    const server = serverProcess(emulator, emulator.kubeConfig, { claimMounts: mounts });
    const result = await server.execute(host.context);

    expect(result.errorMessage).toBeNull();
    expect(git(main, "log", "--format=%s", "issue-7")).toBe("the answer\nfirst");
    expect(env).toMatchObject({
      PAPERCLIP_WORKSPACE_CWD: tree,
      PAPERCLIP_WORKSPACE_WORKTREE_PATH: tree,
      AGENT_HOME: "/home/claude",
    });
    expect(result.sessionParams).toMatchObject({ podCwd: tree, cwd: tree });
    expect(warningsOf(result)).toEqual([]);
    expect(host.metas[0]?.commandNotes).toContain(
      `Workspace: the server's folder ${tree}, on the claim`,
    );

    const off = fakeHost({
      ...given,
      config: { workspaceVolumeClaim: "data", inheritWorkspace: false },
    });
    const refused = await server.execute(off.context);
    expect(refused.errorCode).toBe("configuration_incomplete");
    expect(refused.errorMessage).toContain("inheritWorkspace is off");
  });

  test("in the server's own home is not given away: the run says so and has its own folder", async () => {
    const home = path.join(disk, "data");
    const mounts = [{ claim: "data", mountPath: home, subPath: "", isReadOnly: false }];
    let seen = "";
    await using emulator = await working((folder) => void (seen = folder));
    await withClaim(emulator, "data");
    const host = fakeHost({
      context: { taskId: "t", paperclipWorkspace: { source: "agent_home", cwd: home } },
      config: { workspaceVolumeClaim: "data" },
    });
    const server = serverProcess(emulator, emulator.kubeConfig, { claimMounts: mounts });
    const result = await server.execute(host.context);
    expect(result.errorMessage).toBeNull();
    expect(path.relative(home, seen)).toMatch(/^claude-k8s\/workspaces\//);
    expect(warningsOf(result)).toEqual([expect.stringContaining("it is the whole claim")]);
  });
});

describe.skipIf(!hasGit)("a clone", () => {
  test("is there before the program, without a volume, with a login that nobody else has", async () => {
    await using repository = await gitServer({ login: "robot:s3cret-of-git" });
    await repository.commit("trunk", "readme", "hello");
    const seen: string[] = [];
    await using emulator = await working(async (folder, { env }) => {
      seen.push(await readFile(path.join(folder, "readme"), "utf8"));
      seen.push(git(folder, "status", "--porcelain", "--branch"));
      seen.push(env["PAPERCLIP_WORKSPACE_CWD"] ?? "");
      expect(JSON.stringify(env)).not.toContain("s3cret-of-git");
      const jobs = await fetch(`${emulator.url}/apis/batch/v1/namespaces/${namespace}/jobs`);
      expect(await jobs.text()).not.toContain("s3cret-of-git");
    });
    await fetch(`${emulator.url}/api/v1/namespaces/${namespace}/secrets`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        metadata: { name: "git-login" },
        type: "kubernetes.io/basic-auth",
        stringData: { username: "robot", password: "s3cret-of-git" },
      }),
    });
    const host = fakeHost({
      ...project({ repoUrl: repository.url, repoRef: "trunk", branchName: "issue-7" }),
      config: { repoCredentialsSecret: "git-login" },
    });
    const result = await run(emulator, host);
    expect(result.errorMessage).toBeNull();
    expect(seen).toEqual(["hello", "## issue-7", "/workspace"]);
    expect(repository.logins).toContain("robot:s3cret-of-git");
    expect(warningsOf(result)).toEqual([expect.stringContaining("ends with the pod")]);
  });

  test("takes the login in the repository's address through the run's Secret, and tells nobody", async () => {
    await using repository = await gitServer({ login: "me:hidden-word" });
    await repository.commit("trunk", "readme", "hello");
    let remote = "";
    await using emulator = await working((folder) => {
      remote = git(folder, "remote", "get-url", "origin");
    });
    const repoUrl = repository.url.replace("://", "://me:hidden-word@");
    const host = fakeHost(project({ repoUrl }));
    const result = await run(emulator, host);
    expect(result.errorMessage).toBeNull();
    expect(remote).toBe(repository.url);
    expect(JSON.stringify([result.resultJson, host.chunks, host.metas[0]?.env])).not.toContain(
      "hidden-word",
    );
  });

  test("on a claim of the run's own stays, with what the agent has not committed", async () => {
    await using repository = await gitServer();
    await repository.commit("trunk", "readme", "hello");
    const seen: string[] = [];
    await using emulator = await working(async (folder) => {
      seen.push((await readdir(folder)).join(" "), git(folder, "rev-parse", "origin/trunk"));
      await writeFile(path.join(folder, "draft"), "mine");
    });
    await withClaim(emulator, "own");
    const config = { workspaceVolumeClaim: "own" };
    const host = () => fakeHost({ ...project({ repoUrl: repository.url }), config });
    const first = await run(emulator, host());
    const newer = await repository.commit("trunk", "readme", "hello again");
    const second = await run(emulator, host());
    expect([first.errorMessage, second.errorMessage]).toEqual([null, null]);
    expect(seen[0]).toBe(".git readme");
    expect(seen.slice(2)).toEqual([".git draft readme", newer]);
    expect(warningsOf(second)).toEqual([]);
  });

  test("that fails ends the run before the program, in git's words", async () => {
    await using repository = await gitServer();
    await repository.commit("trunk", "readme", "hello");
    let started = 0;
    await using emulator = await working(() => void (started += 1));
    repository.status = 503;
    const passing = await run(emulator, fakeHost(project({ repoUrl: repository.url })));
    expect(passing).toMatchObject({
      errorCode: "k8s_workspace_clone_failed",
      errorFamily: "transient_upstream",
      executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
      errorMessage: expect.stringContaining("The requested URL returned error: 503"),
    });
    expect(kubernetesOf(passing)).toMatchObject({ end: "not-started", cause: "clone" });
    expect(fieldsOf(diagnosticsOf(passing)["init"])["message"]).toContain("503");

    repository.status = undefined;
    const wrong = project({ repoUrl: repository.url, repoRef: "no-such-branch" });
    const lasting = await run(emulator, fakeHost(wrong));
    expect(lasting).toMatchObject({
      errorCode: "configuration_incomplete",
      errorMessage: expect.stringContaining("no branch, tag or commit no-such-branch"),
    });
    expect(lasting.errorFamily).toBeUndefined();
    expect(started).toBe(0);
    await expectNothingLeft(emulator);
  });
});

describe("without a way to the project's files", () => {
  test.each<[what: string, given: Record<string, unknown>, config: object, why: string]>([
    ["no repository is named", {}, {}, "the project names no repository"],
    [
      "cloning is off",
      { repoUrl: "https://git.example/r" },
      { cloneRepo: false },
      "cloneRepo is off",
    ],
    ["the repository is a path of the server's", { repoUrl: "/srv/r" }, {}, 'not "/srv/r"'],
    [
      "the branch is an option in disguise",
      { repoUrl: "https://git.example/r", repoRef: "--upload-pack=x" },
      {},
      "repoRef must be the name of a branch",
    ],
  ])("%s: the run is refused before anything is made", async (_what, given, config, why) => {
    await using emulator = await working(() => {});
    const host = fakeHost({ ...project(given), config: { ...config } });
    const result = await run(emulator, host);
    expect(result.errorCode).toBe("configuration_incomplete");
    for (const part of [why, "workspaceVolumeClaim", "cloneRepo", "requireWorkspace"])
      expect(result.errorMessage).toContain(part);
    expect(requestsOf(emulator).filter((request) => request.startsWith("create"))).toEqual([]);
  });

  test("it begins in a folder of its own when requireWorkspace is off, or no project is meant", async () => {
    let folders = 0;
    await using emulator = await working(async (folder) => {
      folders += (await readdir(folder)).length === 0 ? 1 : 0;
    });
    const wanted = fakeHost({ ...project({ cwd: "/s/p" }), config: { requireWorkspace: false } });
    const general = fakeHost({
      context: { taskId: "t2", paperclipWorkspace: { source: "agent_home", cwd: "/s/a" } },
    });
    for (const host of [wanted, general]) {
      const result = await run(emulator, host);
      expect(result.errorMessage).toBeNull();
      expect(warningsOf(result)).toEqual([expect.stringContaining("ends with the pod")]);
    }
    expect(folders).toBe(2);
    const nothing = await run(emulator, fakeHost({ context: { taskId: "t3" } }));
    expect(warningsOf(nothing)).toEqual([]);
  });
});
