import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { BundleFile } from "../../src/bundle/bundle-file.ts";

/** A folder of this test alone. */
export async function temporary(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "bundle-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes texts by their paths; those whose path ends with `.sh` can be run. */
export async function lay(folder: string, texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [inside, text] of Object.entries(texts)) {
    const file = path.join(folder, inside);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text, { mode: inside.endsWith(".sh") ? 0o755 : 0o644 });
  }
}

export function bundleFile(
  inside: string,
  text: string = inside,
  isExecutable: boolean = false,
): BundleFile {
  return { path: inside, content: Buffer.from(text), isExecutable };
}
