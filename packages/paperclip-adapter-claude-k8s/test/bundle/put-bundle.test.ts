import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bundleKey } from "../../src/bundle/bundle-file.ts";
import { difference } from "../../src/bundle/compare-folder.ts";
import { putBundle, replaced } from "../../src/bundle/put-bundle.ts";
import { bundleFile, temporary } from "../support/bundle.ts";

const files = [
  bundleFile("agent-instructions.md"),
  bundleFile(".claude/skills/s/SKILL.md"),
  bundleFile(".claude/skills/s/run.sh", "#!/bin/sh", true),
  bundleFile(".claude/skills/s/empty", ""),
];
const key = bundleKey(files);
const { signal } = new AbortController();
const options = { wallMs: 1_800_000_000_000, signal };

async function place(): Promise<string> {
  return path.join(await temporary(), "claude-k8s/bundles");
}

/** What the folder of bundles has, without what was set aside. */
async function names(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => !name.startsWith(replaced));
}

const mode = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe("a bundle on a volume", () => {
  test("is there whole, for everyone to read, whatever the umask is", async () => {
    const folder = await place();
    const umask = process.umask(0o077);
    const wrong = await putBundle(folder, key, files, options).finally(() => process.umask(umask));
    expect(wrong).toBeUndefined();
    expect(await names(folder)).toEqual([key]);
    const skill = path.join(folder, key, ".claude/skills/s");
    expect(await readFile(path.join(skill, "run.sh"), "utf8")).toBe("#!/bin/sh");
    const folders = [path.dirname(folder), folder, path.join(folder, key), skill];
    expect(await Promise.all(folders.map(mode))).toEqual([0o755, 0o755, 0o755, 0o755]);
    expect(await mode(path.join(skill, "run.sh"))).toBe(0o755);
    expect(await mode(path.join(skill, "SKILL.md"))).toBe(0o644);
  });

  test("is used again as it is, and says when it was used", async () => {
    const folder = await place();
    await putBundle(folder, key, files, options);
    const before = await stat(path.join(folder, key, "agent-instructions.md"));
    const wallMs = options.wallMs + 5_000;
    expect(await putBundle(folder, key, files, { wallMs, signal })).toBeUndefined();
    expect((await stat(path.join(folder, key))).mtimeMs).toBe(wallMs);
    expect((await stat(path.join(folder, key, "agent-instructions.md"))).ino).toBe(before.ino);
  });

  test("by many writers at once is one bundle, and none of them fails", async () => {
    const folder = await place();
    const writers = Array.from({ length: 12 }, () => putBundle(folder, key, files, options));
    expect(await Promise.all(writers)).toEqual(writers.map(() => undefined));
    expect(await readdir(folder)).toEqual([key]);
    expect(await difference(path.join(folder, key), files, signal)).toBeUndefined();
  });

  test("is never seen in part, however many read while it is written and replaced", async () => {
    const folder = await place();
    const target = path.join(folder, key);
    const over = new AbortController();
    const seen = new Set<string>();
    const reader = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const found = await difference(target, files, signal).catch((error: unknown) =>
          String((error as NodeJS.ErrnoException).code),
        );
        seen.add(found ?? "same");
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    };
    const reading = [reader(), reader()];
    for (let round = 0; round < 30; round += 1) {
      await Promise.all([1, 2].map(() => putBundle(folder, key, files, options)));
      // A folder is taken away by a rename, too.
      if (round % 2 === 0) await putBundle(folder, key, [bundleFile("other")], options);
    }
    over.abort();
    await Promise.all(reading);
    seen.delete("ENOENT");
    seen.delete("other does not belong there");
    expect([...seen]).toEqual(["same"]);
  });

  test.each<[what: string, harm: (target: string) => Promise<unknown>, wrong: RegExp]>([
    ["another content", (t) => writeFile(path.join(t, "agent-instructions.md"), "x"), /content/],
    [
      "another content of the same length",
      (t) => writeFile(path.join(t, ".claude/skills/s/SKILL.md"), ".claude/skills/s/SKILL.mD"),
      /SKILL\.md has another content/,
    ],
    ["a file less", (t) => rm(path.join(t, ".claude/skills/s/SKILL.md")), /SKILL\.md is missing/],
    ["a file more", (t) => writeFile(path.join(t, ".claude/x"), ""), /\.claude\/x does not belong/],
    ["a folder more", (t) => mkdir(path.join(t, "x")), /x does not belong/],
    [
      "a link for a file",
      async (t) => {
        await rm(path.join(t, "agent-instructions.md"));
        await symlink("/etc/hostname", path.join(t, "agent-instructions.md"));
      },
      /agent-instructions\.md does not belong/,
    ],
    ["a closed file", (t) => chmod(path.join(t, "agent-instructions.md"), 0o600), /closed to pods/],
    ["a closed folder", (t) => chmod(path.join(t, ".claude"), 0o700), /\.claude is closed to pods/],
    ["a script that is none", (t) => chmod(path.join(t, ".claude/skills/s/run.sh"), 0o644), /run/],
    [
      "nothing in it, as the kubelet makes a folder",
      async (t) => {
        await rm(t, { recursive: true });
        await mkdir(t);
      },
      /is missing/,
    ],
    [
      "a file in its place",
      async (t) => {
        await rm(t, { recursive: true });
        await writeFile(t, "");
      },
      /no folder/,
    ],
  ])("that has %s is replaced, said, and set aside", async (_what, harm, wrong) => {
    const folder = await place();
    await putBundle(folder, key, files, options);
    await harm(path.join(folder, key));
    expect(await putBundle(folder, key, files, options)).toMatch(wrong);
    expect(await difference(path.join(folder, key), files, signal)).toBeUndefined();
    const aside = (await readdir(folder)).filter((name) => name.startsWith(`${replaced}${key}-`));
    expect(aside).toHaveLength(1);
    expect(await names(folder)).toEqual([key]);
    expect(await putBundle(folder, key, files, options)).toBeUndefined();
  });

  test("is the same with a group's rights widened, as the kubelet does for a pod's group", async () => {
    const folder = await place();
    await putBundle(folder, key, files, options);
    await chmod(path.join(folder, key, "agent-instructions.md"), 0o664);
    await chmod(path.join(folder, key, ".claude"), 0o2775);
    expect(await putBundle(folder, key, files, options)).toBeUndefined();
  });

  test("is not put where the volume is not mounted, nor where a folder cannot be", async () => {
    const root = await temporary();
    const away = path.join(root, "not-mounted", "claude-k8s/bundles");
    await expect(putBundle(away, key, files, options)).rejects.toThrow(/ENOENT/);
    expect(await readdir(root)).toEqual([]);
    await writeFile(path.join(root, "claude-k8s"), "");
    const blocked = path.join(root, "claude-k8s/bundles");
    await expect(putBundle(blocked, key, files, options)).rejects.toThrow(/ENOTDIR/);
  });

  test("is given up by a signal, and leaves nothing half", async () => {
    const folder = await place();
    const stop = new AbortController();
    const many = Array.from({ length: 200 }, (_, index) => bundleFile(`${index}`));
    const put = putBundle(folder, "k", many, { ...options, signal: stop.signal });
    setTimeout(() => stop.abort(new Error("enough")), 1);
    await expect(put).rejects.toThrow("enough");
    expect(await readdir(folder)).toEqual([]);
  });
});
