import { mkdir, readdir, utimes } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { bundleKey } from "../../src/bundle/bundle-file.ts";
import { outdated, keptMs, pruneBundles } from "../../src/bundle/prune-bundles.ts";
import { putBundle } from "../../src/bundle/put-bundle.ts";
import { bundleFile, temporary } from "../support/bundle.ts";

const dayMs = 86_400_000;
const wallMs = 1_800_000_000_000;
const key = (digit: string): string => digit.repeat(64);
const { signal } = new AbortController();
const noAnswer = (): Promise<never> => Promise.reject(new Error("no answer"));
const nobody = async (): Promise<ReadonlySet<string>> => new Set();

describe("what may go", () => {
  test.each<[name: string, ageMs: number, goes: boolean]>([
    [key("a"), keptMs, false],
    [key("a"), keptMs + 1, true],
    [`.old-${key("a")}-uuid`, keptMs, false],
    [`.old-${key("a")}-uuid`, keptMs + 1, true],
    [".new-uuid", dayMs, false],
    [".new-uuid", dayMs + 1, true],
    ["what others keep there", keptMs * 9, false],
    [".old-other", keptMs * 9, false],
    [key("a").slice(1), keptMs * 9, false],
    ["", keptMs * 9, false],
    // A clock that goes wrong makes nothing old.
    [key("a"), -keptMs * 9, false],
  ])("%s, %d ms old: %s", (name, ageMs, goes) => {
    const old = outdated([{ name, usedMs: wallMs - ageMs }], wallMs);
    expect(old.map((one) => one.name)).toEqual(goes ? [name] : []);
  });

  test("at once only so many, the oldest", () => {
    const entries = Array.from({ length: 60 }, (_, index) => ({
      name: index.toString(16).padStart(64, "0"),
      usedMs: wallMs - keptMs - 60 + index,
    }));
    expect(outdated(entries.toReversed(), wallMs)).toEqual(entries.slice(0, 50));
  });
});

async function aged(folder: string, name: string, usedMs: number): Promise<void> {
  await mkdir(path.join(folder, name, "inside"), { recursive: true });
  await utimes(path.join(folder, name), usedMs / 1_000, usedMs / 1_000);
}

async function left(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name !== ".pruned").toSorted();
}

describe("pruning", () => {
  test("removes what is old and what no Job has", async () => {
    const folder = await temporary();
    const [young, old, used] = [key("a"), key("b"), key("c")];
    await aged(folder, young, wallMs - dayMs);
    await aged(folder, old, wallMs - keptMs * 2);
    await aged(folder, used, wallMs - keptMs * 3);
    await aged(folder, `.old-${used}-u`, wallMs - keptMs * 3);
    await aged(folder, `.old-${old}-u`, wallMs - keptMs * 3);
    await aged(folder, "other", wallMs - keptMs * 3);
    const inUse = async () => new Set([used]);
    await pruneBundles(folder, { wallMs, inUse, signal });
    expect(await left(folder)).toEqual([`.old-${used}-u`, young, used, "other"].toSorted());
  });

  test("is done once a day by all servers together, and asks only when something is old", async () => {
    const folder = await temporary();
    let asked = 0;
    const inUse = async (): Promise<ReadonlySet<string>> => {
      asked += 1;
      return new Set();
    };
    await pruneBundles(folder, { wallMs, inUse, signal });
    await aged(folder, key("a"), wallMs - keptMs * 2);
    await pruneBundles(folder, { wallMs: wallMs + dayMs - 1, inUse, signal });
    expect([asked, await left(folder)]).toEqual([0, [key("a")]]);
    await pruneBundles(folder, { wallMs: wallMs + dayMs, inUse, signal });
    expect([asked, await left(folder)]).toEqual([1, []]);
  });

  test("removes nothing when the cluster cannot be asked", async () => {
    const folder = await temporary();
    await aged(folder, key("a"), wallMs - keptMs * 2);
    const put = pruneBundles(folder, { wallMs, inUse: noAnswer, signal });
    await expect(put).rejects.toThrow("no answer");
    expect(await left(folder)).toEqual([key("a")]);
  });

  test("leaves what is used again while it looks", async () => {
    const folder = path.join(await temporary(), "claude-k8s/bundles");
    const files = [bundleFile("a")];
    const mine = bundleKey(files);
    await putBundle(folder, mine, files, { wallMs: wallMs - keptMs * 2, signal });
    const inUse = async (): Promise<ReadonlySet<string>> => {
      // Another server, whose Job is not there yet.
      await putBundle(folder, mine, files, { wallMs, signal });
      return new Set();
    };
    await pruneBundles(folder, { wallMs, inUse, signal });
    expect(await left(folder)).toEqual([mine]);
  });

  test("of two at once removes nothing twice, and neither fails", async () => {
    const folder = await temporary();
    for (const digit of "abcdef") await aged(folder, key(digit), wallMs - keptMs * 2);
    const late = { inUse: nobody, signal };
    await Promise.all([
      pruneBundles(folder, { ...late, wallMs }),
      pruneBundles(folder, { ...late, wallMs: wallMs + dayMs }),
    ]);
    expect(await left(folder)).toEqual([]);
  });
});
