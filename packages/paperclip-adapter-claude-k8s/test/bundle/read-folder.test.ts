import { execFileSync } from "node:child_process";
import { symlink } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { readFolder } from "../../src/bundle/read-folder.ts";
import { readSkill } from "../../src/bundle/read-skill.ts";
import { volume } from "../../src/bundle/carrier.ts";
import { lay, temporary } from "../support/bundle.ts";

const limits = { files: 10, bytes: 1_000, isPassedOver: (name: string) => name === ".git" };

describe("a folder", () => {
  test("is read whole and in order, with what can be run", async () => {
    const folder = await temporary();
    await lay(folder, { "b.sh": "b", "a/c": "c", "a/b": "b", ".git/x": "x", ".hidden": "h" });
    const { files, left } = await readFolder(folder, limits);
    expect(files.map(({ path: inside, isExecutable }) => [inside, isExecutable])).toEqual([
      [".hidden", false],
      ["a/b", false],
      ["a/c", false],
      ["b.sh", true],
    ]);
    expect(left).toEqual([]);
  });

  test("may be a link itself; links in it lead to its own files and nowhere else", async () => {
    const [folder, outside] = [await temporary(), await temporary()];
    await lay(folder, { "real/a": "a" });
    await lay(outside, { secret: "s" });
    await symlink("real/a", path.join(folder, "own"));
    await symlink("real", path.join(folder, "folder"));
    await symlink(path.join(outside, "secret"), path.join(folder, "out"));
    await symlink("../../../../../../../etc/passwd", path.join(folder, "real/up"));
    await symlink("loop", path.join(folder, "loop"));
    await symlink("gone", path.join(folder, "broken"));
    execFileSync("mkfifo", [path.join(folder, "pipe")]);
    const link = path.join(outside, "link");
    await symlink(folder, link);
    const { files, left } = await readFolder(link, limits);
    expect(files.map((file) => [file.path, Buffer.from(file.content).toString()])).toEqual([
      ["own", "a"],
      ["real/a", "a"],
    ]);
    expect(left).toEqual([
      expect.stringMatching(/^broken \(a link that leads nowhere: ENOENT/),
      "folder (a link to what is no file)",
      expect.stringMatching(/^loop \(a link that leads nowhere: ELOOP/),
      "out (a link out of the folder)",
      "pipe (neither file nor folder)",
      "real/up (a link out of the folder)",
    ]);
  });

  test.each([
    ["many files", Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`${i}`, ""]))],
    ["many bytes", { a: "x".repeat(600), b: "x".repeat(401) }],
    ["many levels", { [Array.from({ length: 33 }, () => "d").join("/")]: "" }],
  ])("is not read when it has too %s", async (_what, texts) => {
    const folder = await temporary();
    await lay(folder, texts);
    await expect(readFolder(folder, limits)).rejects.toThrow(/more than/);
  });
});

describe("a skill", () => {
  test.each([[".."], ["."], ["a/b"], ["../../etc"], ["a\\b"], ["a\0b"], ["a:b"], [""]])(
    "with the name %j has no folder of its own, and is named",
    async (runtimeName) => {
      const warnings: string[] = [];
      const entry = { key: "k", runtimeName, source: await temporary() };
      expect(await readSkill(entry, volume, warnings)).toBeUndefined();
      expect(warnings).toEqual([expect.stringContaining("no name of a folder")]);
    },
  );

  test("lies where claude looks for it, and says what it goes without", async () => {
    const source = await temporary();
    await lay(source, { "SKILL.md": "s", "run.sh": "#!/bin/sh" });
    await symlink("/etc/passwd", path.join(source, "link"));
    const warnings: string[] = [];
    const part = await readSkill({ key: "k", runtimeName: "a b", source }, volume, warnings);
    expect(part?.files.map((file) => [file.path, file.isExecutable])).toEqual([
      [".claude/skills/a b/SKILL.md", false],
      [".claude/skills/a b/run.sh", true],
    ]);
    expect(warnings).toEqual(["the skill a b goes without link (a link out of the folder)"]);
  });

  test("that cannot be read is named", async () => {
    const warnings: string[] = [];
    const entry = { key: "k", runtimeName: "gone", source: "/nowhere" };
    expect(await readSkill(entry, volume, warnings)).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/the skill gone cannot be read.*ENOENT/)]);
  });
});
