import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test, vi } from "vitest";
import { ask, toolsUsed } from "./readme.example.ts";

afterEach(() => vi.unstubAllEnvs());

test("the README shows the example as it is", async () => {
  const example = await readFile(new URL("readme.example.ts", import.meta.url), "utf8");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});

test("the example reads a child process", async () => {
  const { verdict, shown } = await askFake("answered", "cat >/dev/null; cat");
  expect(verdict).toMatchObject({ kind: "success", ok: true });
  expect(shown).toContain("→ Bash ls");
  expect(shown.at(-1)).toBe("✓ done · 2 turns · $0.0021");
});

test("the example tells a run that was killed from one that answered", async () => {
  const { verdict } = await askFake("cut-off", "cat >/dev/null; cat", "; kill -KILL $$");
  expect(verdict).toMatchObject({ kind: "truncated", ok: false, retry: "later" });
});

test("the example reads a pod's log", async () => {
  const text = await readFile(new URL("fixtures/answered.jsonl", import.meta.url), "utf8");
  async function* log(): AsyncGenerator<string> {
    yield* text.split("\n");
  }
  expect(await toolsUsed(log())).toEqual(["Bash"]);
});

/** Puts a `claude` on the PATH that writes a recorded stream. */
async function askFake(
  fixture: string,
  command: string,
  after = "",
): Promise<{ verdict: Awaited<ReturnType<typeof ask>>; shown: string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), "claude-"));
  const file = fileURLToPath(new URL(`fixtures/${fixture}.jsonl`, import.meta.url));
  const program = path.join(folder, "claude");
  await writeFile(program, `#!/bin/sh\n${command} '${file}'${after}\n`);
  await chmod(program, 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  const shown: string[] = [];
  try {
    return {
      verdict: await ask("Which files are there?", (line: string) => shown.push(line)),
      shown,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
