import { spawn, spawnSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { cloneScript } from "../../src/workspace/clone-script.ts";
import { type GitServer, gitServer, hasGit } from "../support/git-server.ts";

interface Asked {
  readonly url?: string;
  /** Whom the login is for. Default: the host of `url`. */
  readonly origin?: string;
  readonly ref?: string;
  readonly branch?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly PATH?: string;
}

let folder = "";
let server: GitServer;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "clone-"));
  server = await gitServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the script as the container does, for a user with no settings of git's. */
async function clone(asked: Asked = {}) {
  const { url = server.url, ref = "", branch = "", env = {}, PATH } = asked;
  const { origin = new URL(url).origin } = asked;
  const child = spawn(
    "/bin/sh",
    ["-c", cloneScript, "clone-repository", url, ref, branch, origin],
    {
      cwd: folder,
      env: {
        PATH: PATH ?? process.env["PATH"],
        HOME: path.join(folder, "..", "no-home"),
        GIT_TERMINAL_PROMPT: "0",
        ...env,
      },
    },
  );
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => void child.on("close", resolve));
  return { code, said };
}

function git(...args: string[]): string {
  return spawnSync("git", args, { cwd: folder, encoding: "utf8" }).stdout.trim();
}

const read = (file: string): Promise<string> => readFile(path.join(folder, file), "utf8");

describe.skipIf(!hasGit)("a clone", () => {
  test("without a ref is on the default branch, with all of its history", async () => {
    await server.commit("trunk", "a", "1");
    const last = await server.commit("trunk", "a", "2");
    await server.commit("other", "b", "1");
    expect(await clone()).toEqual({ code: 0, said: "" });
    expect(git("rev-parse", "HEAD")).toBe(last);
    expect(git("status", "--porcelain", "--branch")).toBe("## trunk...origin/trunk");
    expect(git("rev-list", "--count", "HEAD")).toBe("2");
    expect(git("rev-parse", "--is-shallow-repository")).toBe("false");
    expect(git("branch", "--remotes")).toContain("origin/other");
    expect(git("remote", "get-url", "origin")).toBe(server.url);
  });

  test.each([
    ["a branch", "other"],
    ["a branch as the host's worktrees name their base", "origin/other"],
    ["a branch by its whole name", "refs/heads/other"],
  ])("of %s follows it", async (_what, ref) => {
    await server.commit("trunk", "a", "1");
    const wanted = await server.commit("other", "b", "1");
    expect((await clone({ ref })).code).toBe(0);
    expect(git("rev-parse", "HEAD")).toBe(wanted);
    expect(git("status", "--porcelain", "--branch")).toBe("## other...origin/other");
  });

  test("of a tag, of a commit, and of one that no branch has", async () => {
    const first = await server.commit("trunk", "a", "1");
    await server.commit("trunk", "a", "2");
    const lost = await server.commit("gone", "a", "3");
    server.git("tag", "v1", first);
    server.git("branch", "-D", "gone");
    for (const [ref, wanted] of [
      ["v1", first],
      [first, first],
      [first.slice(0, 10), first],
      [lost, lost],
    ]) {
      expect((await clone({ ref: ref ?? "" })).code).toBe(0);
      expect(git("rev-parse", "HEAD")).toBe(wanted);
      expect(git("rev-parse", "--abbrev-ref", "HEAD")).toBe("HEAD");
      await rm(folder, { recursive: true });
      await mkdir(folder);
    }
  });

  test("is on the branch that the host names: a new one from the ref, or the one that is there", async () => {
    const base = await server.commit("trunk", "a", "1");
    expect((await clone({ ref: "trunk", branch: "issue-7" })).code).toBe(0);
    expect(git("rev-parse", "HEAD")).toBe(base);
    expect(git("status", "--porcelain", "--branch")).toBe("## issue-7");

    const pushed = await server.commit("issue-7", "a", "2");
    await rm(folder, { recursive: true });
    await mkdir(folder);
    expect((await clone({ ref: "trunk", branch: "issue-7" })).code).toBe(0);
    expect(git("rev-parse", "HEAD")).toBe(pushed);
    expect(git("status", "--porcelain", "--branch")).toBe("## issue-7...origin/issue-7");
  });

  test("that is there is fetched into, and nothing of its files is touched", async () => {
    const first = await server.commit("trunk", "a", "1");
    await clone();
    await writeFile(path.join(folder, "a"), "mine");
    await writeFile(path.join(folder, "new"), "mine too");
    const second = await server.commit("trunk", "a", "2");
    expect((await clone()).code).toBe(0);
    expect(git("rev-parse", "HEAD")).toBe(first);
    expect(git("rev-parse", "origin/trunk")).toBe(second);
    expect([await read("a"), await read("new")]).toEqual(["mine", "mine too"]);

    server.status = 503;
    const { code, said } = await clone();
    expect(code).toBe(0);
    expect(said).toContain("what is there is gone on with");
    expect(await read("a")).toBe("mine");
  });

  test("that was broken off is done again, at whatever point that was", async () => {
    const wanted = await server.commit("trunk", "a", "1");
    server.status = 503;
    const failed = await clone();
    expect(failed.code).toBe(128);
    expect(failed.said).toContain("503");
    server.status = undefined;
    // Of a checkout that was killed half a file is left.
    await writeFile(path.join(folder, "a"), "ha");
    expect((await clone()).code).toBe(0);
    expect(git("rev-parse", "HEAD")).toBe(wanted);
    expect(await read("a")).toBe("1");
    await rm(path.join(folder, ".git"), { recursive: true });
    await rm(path.join(folder, "a"));
    await mkdir(path.join(folder, ".git"));
    expect((await clone()).code).toBe(0);
    expect(await read("a")).toBe("1");
  });

  test("leaves alone what it did not make: a repository, or files", async () => {
    await server.commit("trunk", "a", "1");
    await writeFile(path.join(folder, "notes"), "mine");
    expect((await clone()).said).toContain("files and no repository");
    git("init", "--quiet");
    expect((await clone()).said).toContain("somebody else's");
    expect(git("remote")).toBe("");
    expect(await read("notes")).toBe("mine");
  });

  test("of an empty repository is an empty one, on the branch that the host names", async () => {
    expect(await clone({ branch: "issue-7" })).toMatchObject({ code: 0 });
    expect(git("symbolic-ref", "HEAD")).toBe("refs/heads/issue-7");
  });

  test("of what is not there says so, in a code of its own or git's words", async () => {
    await server.commit("trunk", "a", "1");
    expect(await clone({ ref: "nope" })).toMatchObject({
      code: 65,
      said: expect.stringContaining("no branch, tag or commit nope"),
    });
    await rm(folder, { recursive: true });
    await mkdir(folder);
    expect(await clone({ url: `${server.origin}/other.git` })).toMatchObject({
      code: 128,
      said: expect.stringContaining("not found"),
    });
  });

  test("without git says so", async () => {
    const { code, said } = await clone({ PATH: "/nowhere" });
    expect([code, said]).toEqual([127, "claude-k8s: the image has no git\n"]);
  });
});

test.skipIf(!hasGit)("text of the host stays an argument", async () => {
  await server.commit("trunk", "a", "1");
  const bait = path.join(folder, "..", `bait-${path.basename(folder)}`);
  for (const ref of [`$(touch ${bait})`, `--upload-pack=touch ${bait}`, `'; touch ${bait}; '`]) {
    expect((await clone({ ref })).code).toBe(65);
    await rm(folder, { recursive: true });
    await mkdir(folder);
  }
  await expect(readFile(bait)).rejects.toThrow("ENOENT");
});

/** What an agent could leave in the clone or its home, to have a look at what runs there next. */
const spy = (place: string): string => `#!/bin/sh
env >> '${place}'
for one in /proc/[0-9]*/environ; do cat "$one" >> '${place}' 2> /dev/null; done
exit 0
`;

describe.skipIf(!hasGit)("a login", () => {
  const login = "me:p@ss $(w) 'rd\"";
  beforeEach(async () => {
    await server[Symbol.asyncDispose]();
    server = await gitServer({ login });
    await server.commit("trunk", "a", "1");
  });
  const env = { CLONE_USERNAME: "me", CLONE_PASSWORD: `${login.slice(3)}\n` };

  test("is shown to the repository's host, and is nowhere in the clone", async () => {
    expect(await clone({ env })).toEqual({ code: 0, said: "" });
    expect(server.logins).toContain(login);
    const kept = spawnSync("grep", ["-rF", login.slice(3), folder]);
    expect(kept.status).toBe(1);
    expect(await read(".git/config")).not.toMatch(/credential|helper|me:/);
  });

  test.each<[what: string, runs: boolean, before: () => Promise<void>]>([
    ["finished", true, async () => {}],
    [
      "made to look unfinished",
      false,
      () => writeFile(path.join(folder, ".git/claude-k8s-clone"), "begun"),
    ],
    [
      "made to look like none",
      false,
      async () => {
        await rm(path.join(folder, ".git/claude-k8s-clone"));
        await rm(path.join(folder, ".git/HEAD"));
      },
    ],
  ])("is not there for what an agent put into a clone that is %s", async (_what, runs, before) => {
    expect((await clone({ env })).code).toBe(0);
    await server.commit("trunk", "a", "2");
    const home = await mkdtemp(path.join(tmpdir(), "home-"));
    const seen = path.join(home, "seen");
    for (const hooks of [path.join(folder, ".git/hooks"), path.join(home, "hooks")]) {
      await mkdir(hooks, { recursive: true });
      for (const hook of ["reference-transaction", "post-checkout", "helper"])
        await writeFile(path.join(hooks, hook), spy(seen), { mode: 0o755 });
    }
    const helper = `[credential]\n\thelper = ${path.join(home, "hooks/helper")}\n`;
    await appendFile(path.join(folder, ".git/config"), helper);
    const everywhere = `${helper}[core]\n\thooksPath = ${path.join(home, "hooks")}\n`;
    await writeFile(path.join(home, ".gitconfig"), everywhere);
    await before();

    const marked = { ...env, HOME: home, CLONE_PASSWORD: env.CLONE_PASSWORD };
    expect((await clone({ env: marked })).code).toBe(0);
    const leaked = await readFile(seen, "utf8").catch(() => "");
    expect(leaked.includes("PATH=")).toBe(runs);
    expect(leaked).not.toContain("CLONE_PASSWORD");
    expect(leaked).not.toContain(login.slice(3));
    await rm(home, { recursive: true });
  });

  test("that is missing or wrong is git's to say, and nobody is asked", async () => {
    const without = await clone();
    expect(without.code).toBe(128);
    expect(without.said).toContain("could not read Username");
    const wrong = await clone({ env: { ...env, CLONE_PASSWORD: "wr0ng-secret" } });
    expect(wrong.code).toBe(128);
    expect(wrong.said).toContain("Authentication failed");
    expect(wrong.said).not.toContain("wr0ng-secret");
  });

  test("is for its own host alone", async () => {
    const other = await gitServer({ login });
    await other.commit("trunk", "a", "1");
    expect((await clone({ url: other.url, origin: server.origin, env })).code).toBe(128);
    expect(other.logins.filter((shown) => shown !== "")).toEqual([]);
    await other[Symbol.asyncDispose]();
  });
});
