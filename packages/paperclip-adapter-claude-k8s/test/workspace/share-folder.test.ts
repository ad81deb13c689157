import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { shareFolder } from "../../src/workspace/share-folder.ts";
import { hasGit } from "../support/git-server.ts";

let top = "";
beforeEach(async () => {
  top = await realpath(await mkdtemp(path.join(tmpdir(), "volume-")));
});
afterEach(() => rm(top, { recursive: true, force: true }));

/** The server sees the folder `server` of the claim at `top`. */
const keep = (isReadOnly = false) => ({
  homes: ["/paperclip"],
  claim: "data",
  mounts: [{ claim: "data", mountPath: top, subPath: "server", isReadOnly }],
});
const at = (name: string) => path.join(top, name);

function git(cwd: string, ...args: string[]): void {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  const { status, stderr } = spawnSync("git", [...who, ...args], { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
}

async function repository(name: string): Promise<string> {
  await mkdir(at(name), { recursive: true });
  git(at(name), "init", "--quiet", "--initial-branch=main");
  git(at(name), "commit", "--quiet", "--allow-empty", "-m", "first");
  return at(name);
}

test("a folder on the claim is mounted under the path it has on the server", async () => {
  await mkdir(at("site"));
  expect(await shareFolder(at("site"), keep())).toEqual({
    kind: "mounted",
    path: at("site"),
    subPath: "server/site",
    beside: [],
    warnings: [],
  });
});

test("a link of the operator's is followed: what counts is where the folder really is", async () => {
  await mkdir(at("site"));
  const outside = await mkdtemp(path.join(tmpdir(), "outside-"));
  await symlink(top, path.join(outside, "link"));
  const folder = path.join(outside, "link", "site");
  expect(await shareFolder(folder, keep())).toMatchObject({
    path: at("site"),
    subPath: "server/site",
  });
  await rm(outside, { recursive: true });
});

test.each(["site", "site/deeper/still"])(
  "a link on the claim is not followed, wherever it leads: %s",
  async (below) => {
    await mkdir(at("of-others/deeper"), { recursive: true });
    await symlink(at("of-others"), at("site"));
    expect(await shareFolder(at(below), keep())).toEqual({
      kind: "refused",
      why: expect.stringContaining(`${at("site")} is a link on a volume`),
    });
  },
);

test("a folder that is yet to come is made, as the host's local adapters do", async () => {
  expect(await shareFolder(at("a/b"), keep())).toMatchObject({ kind: "mounted", path: at("a/b") });
  expect((await stat(at("a/b"))).isDirectory()).toBe(true);
});

test("nothing is made where nothing may be mounted", async () => {
  for (const [folder, why] of [
    ["site", "no absolute path"],
    [top, "home"],
    [at("claude-k8s/x"), "other runs"],
    ["/nowhere/x", "not on the claim"],
  ] as const) {
    const wanted = { ...keep(), homes: [at("home")] };
    expect(await shareFolder(folder, wanted)).toMatchObject({
      kind: "refused",
      why: expect.stringContaining(why),
    });
  }
  await expect(stat(at("claude-k8s"))).rejects.toThrow("ENOENT");
});

test("what the server can only read, and what is no folder, is not mounted", async () => {
  await mkdir(at("site"));
  expect(await shareFolder(at("site"), keep(true))).toMatchObject({ kind: "refused" });
  await writeFile(at("file"), "");
  expect(await shareFolder(at("file"), keep())).toMatchObject({ kind: "refused" });
  expect(await shareFolder(at("file/x"), keep())).toMatchObject({ kind: "refused" });
});

describe.skipIf(!hasGit)("git", () => {
  test("needs nothing besides a whole repository", async () => {
    const folder = await repository("site");
    expect(await shareFolder(folder, keep())).toMatchObject({ beside: [], warnings: [] });
  });

  test("needs the repository of a worktree, under the path that both know", async () => {
    const main = await repository("site");
    const tree = at("site/.paperclip/worktrees/x");
    git(main, "worktree", "add", "--quiet", tree);
    expect(await shareFolder(tree, keep())).toEqual({
      kind: "mounted",
      path: tree,
      subPath: "server/site/.paperclip/worktrees/x",
      beside: [{ path: at("site/.git"), subPath: "server/site/.git" }],
      warnings: [],
    });
  });

  test("needs the working tree around a folder in it, so that nothing looks deleted", async () => {
    await repository("site");
    await mkdir(at("site/packages/one"), { recursive: true });
    expect(await shareFolder(at("site/packages/one"), keep())).toMatchObject({
      path: at("site/packages/one"),
      beside: [{ path: at("site"), subPath: "server/site" }],
    });
  });

  test("is not given what it says it borrows: agents write that", async () => {
    const main = await repository("site");
    git(top, "clone", "--quiet", "--shared", main, at("copy"));
    expect(await shareFolder(at("copy"), keep())).toMatchObject({
      beside: [],
      warnings: [expect.stringContaining(`${at("site/.git/objects")}, is not mounted`)],
    });
  });

  test.each<[what: string, forge: (mine: string, others: string) => Promise<void>]>([
    [
      "a repository of others",
      (mine, others) => writeFile(path.join(mine, ".git"), `gitdir: ${others}/.git\n`),
    ],
    [
      "a worktree of others",
      (mine, others) =>
        writeFile(path.join(mine, ".git"), `gitdir: ${others}/.git/worktrees/theirs\n`),
    ],
    [
      "a repository of others by a folder of its own",
      async (mine, others) => {
        await writeFile(path.join(mine, ".git"), `gitdir: ${mine}/forged/worktrees/x\n`);
        await mkdir(path.join(mine, "forged/worktrees/x"), { recursive: true });
        await writeFile(path.join(mine, "forged/worktrees/x/commondir"), `${others}/.git\n`);
        await writeFile(path.join(mine, "forged/worktrees/x/gitdir"), `${mine}/.git\n`);
      },
    ],
    [
      "a folder of others by a link",
      async (mine, others) => {
        await writeFile(path.join(mine, ".git"), `gitdir: ${mine}/forged/worktrees/x\n`);
        await symlink(path.join(others, ".git"), path.join(mine, "forged"));
      },
    ],
  ])("is not given %s, whatever an agent's .git says", async (_what, forge) => {
    const others = await repository("others");
    git(others, "worktree", "add", "--quiet", at("theirs"));
    await mkdir(at("mine"));
    await forge(at("mine"), others);
    expect(await shareFolder(at("mine"), keep())).toMatchObject({ kind: "mounted", beside: [] });
  });

  test("does not wait for what is no file", async () => {
    await mkdir(at("site"));
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(at("site/.git"), resolve));
    expect(await shareFolder(at("site"), keep())).toMatchObject({ kind: "mounted", beside: [] });
    socket.close();
  });

  test("is said not to work where its repository cannot be mounted", async () => {
    const outside = await mkdtemp(path.join(tmpdir(), "outside-"));
    git(outside, "init", "--quiet", "--initial-branch=main");
    git(outside, "commit", "--quiet", "--allow-empty", "-m", "first");
    git(outside, "worktree", "add", "--quiet", at("tree"));
    const sharing = await shareFolder(at("tree"), keep());
    expect(sharing).toMatchObject({ kind: "mounted", beside: [] });
    expect("warnings" in sharing ? sharing.warnings : []).toEqual([
      expect.stringMatching(/git may not work .*outside-\w+\/\.git, is not mounted: .*not on the/),
    ]);
    await rm(outside, { recursive: true });
  });

  test("of the server's home above a folder is none of the folder's", async () => {
    await repository("home");
    await mkdir(at("home/site"));
    const sharing = await shareFolder(at("home/site"), { ...keep(), homes: [at("home")] });
    expect(sharing).toMatchObject({ kind: "mounted", beside: [] });
    expect("warnings" in sharing ? sharing.warnings : []).toHaveLength(1);
  });
});
