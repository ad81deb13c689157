// `pnpm check:runtimes`: the package as it would be published, in the oldest and the newest runtimes it names: Node 20,
// 22 and 24 (fetched from the registry), and bundled in headless Chromium. Everywhere the same three streams must give
// the same summary and verdict as here. What is not there is skipped, with the reason.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { runInChromium } from "./in-chromium.ts";
import { outcomeIn, runInNode } from "./in-node.ts";
import { packed } from "./packed.ts";
import type { Outcome } from "./streams.ts";

const folder = mkdtempSync(join(tmpdir(), "claude-stream-parse-"));
let failed = 0;
try {
  const entry = packed(folder);
  const sources = fileURLToPath(new URL("../src/index.ts", import.meta.url));
  const expected = outcomeIn(process.execPath, sources, join(folder, "here.mjs")).outcomes;
  for (const line of ["20", "22", "24"])
    report(`Node ${line}`, () => runInNode(line, entry, folder), expected);
  report("Chromium", () => runInChromium(entry, folder), expected);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

function report(
  runtime: string,
  run: () => Outcome | { skipped: string },
  expected: unknown,
): void {
  const done = run();
  if ("skipped" in done) {
    console.log(`${runtime}: skipped, ${done.skipped}`);
    return;
  }
  const same = isDeepStrictEqual(done.outcomes, expected);
  if (!same) failed++;
  console.log(`${runtime} (${done.version}): ${same ? "the same" : "DIFFERENT"}`);
  if (!same) console.log(JSON.stringify({ expected, got: done.outcomes }, null, 1));
}
