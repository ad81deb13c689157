import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bringEarlierSession, claimRoot } from "../../src/server/earlier-session.ts";

const id = "0f3b6c1e-8f1d-4c55-9a59-9a5a5a5a5a5a";
const cwd = "/paperclip/work_spaces/a.b";
const project = ".claude/projects/-paperclip-work-spaces-a-b";
const home = "claude-k8s/homes/agent-a";
const { signal } = new AbortController();
/** Only root can give a file away. */
const podUser = process.getuid?.() === 0 ? 1000 : (process.getuid?.() ?? 1000);

/** A claim's root as a server sees it, with the session in the home that all agents shared. */
function claim({ withSession = true } = {}) {
  const root = mkdtempSync(path.join(tmpdir(), "claim-"));
  const source = path.join(root, project);
  mkdirSync(source, { recursive: true });
  if (withSession) writeFileSync(path.join(source, `${id}.jsonl`), "the conversation\n");
  return {
    root,
    source,
    target: path.join(root, home, project),
    bring: () => bringEarlierSession({ id, cwd, claimRoot: root, home, podUser }, signal),
  };
}

test("the file is where the run looks for it, and whoever runs there may write to it", async () => {
  const { target, bring, source } = claim();
  expect(await bring()).toBeUndefined();
  const file = path.join(target, `${id}.jsonl`);
  expect(readFileSync(file, "utf8")).toBe("the conversation\n");
  expect(readFileSync(path.join(source, `${id}.jsonl`), "utf8")).toBe("the conversation\n");
  const made = [file];
  while (path.basename(made[0] ?? "") !== "claude-k8s") made.unshift(path.dirname(made[0] ?? ""));
  expect(made.map((at) => lstatSync(at).uid)).toEqual(made.map(() => podUser));
});

test("a file that is there already stays: the conversation went on in it", async () => {
  const { target, bring } = claim();
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, `${id}.jsonl`), "later\n");
  expect(await bring()).toBeUndefined();
  expect(readFileSync(path.join(target, `${id}.jsonl`), "utf8")).toBe("later\n");
});

test("what another copy left half done is no hindrance", async () => {
  const { target, bring } = claim();
  mkdirSync(target, { recursive: true });
  writeFileSync(path.join(target, `${id}.jsonl.part`), "hal");
  expect(await bring()).toBeUndefined();
  expect(readFileSync(path.join(target, `${id}.jsonl`), "utf8")).toBe("the conversation\n");
});

test("one that is not there is named", async () => {
  const { bring } = claim({ withSession: false });
  expect(await bring()).toMatch(/^there is no .*projects\/-paperclip-work-spaces-a-b\/.*jsonl$/);
});

describe("no link is followed, for agents could have made it", () => {
  const secret = path.join(mkdtempSync(path.join(tmpdir(), "server-")), "secret");
  writeFileSync(secret, "of the server's\n");

  test("the file is one", async () => {
    const { source, target, bring } = claim({ withSession: false });
    symlinkSync(secret, path.join(source, `${id}.jsonl`));
    expect(await bring()).toContain("ELOOP");
    expect(() => lstatSync(target)).toThrow("ENOENT");
  });

  test("the file lies behind one", async () => {
    const { root, source, target, bring } = claim();
    const elsewhere = mkdtempSync(path.join(tmpdir(), "server-"));
    renameSync(source, path.join(elsewhere, path.basename(source)));
    rmSync(path.dirname(source), { recursive: true });
    symlinkSync(elsewhere, path.join(root, ".claude", "projects"));
    expect(await bring()).toContain("lies behind a link");
    expect(() => lstatSync(target)).toThrow("ENOENT");
  });

  test("a folder on the way to the new place is one", async () => {
    const { root, bring } = claim();
    const elsewhere = mkdtempSync(path.join(tmpdir(), "server-"));
    mkdirSync(path.join(root, home), { recursive: true });
    symlinkSync(elsewhere, path.join(root, home, ".claude"));
    expect(await bring()).toMatch(/ELOOP|ENOTDIR/);
    expect(() => lstatSync(path.join(elsewhere, "projects"))).toThrow("ENOENT");
  });
});

test.each<[what: string, mount: object, root: string | undefined]>([
  ["its root", {}, "/paperclip"],
  ["its root at the server's own", { mountPath: "" }, "/"],
  ["a folder of it", { subPath: "data" }, undefined],
  ["it for reading", { isReadOnly: true }, undefined],
  ["another claim", { claim: "other" }, undefined],
])("of a claim the server sees %s", (_what, mount, root) => {
  const whole = { claim: "data", mountPath: "/paperclip", subPath: "", isReadOnly: false };
  expect(claimRoot([{ ...whole, ...mount }], "data")).toBe(root);
});
