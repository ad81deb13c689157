import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Options } from "tsup";
import { appFolder } from "../folders.ts";

/**
 * `env` and `node` lie in other folders in other images; `sh` is needed anyway, and always in /bin.
 * For sh the second line is a no-op and an exec; for JavaScript a text and a comment.
 */
const startedBySh = `#!/bin/sh\n':' //; exec node "$0" "$@"`;

/** The replay as one file: CommonJS, for a file without an extension is that to every Node. */
export function bundle(): Promise<string> {
  return built("src/replay/main.ts", {
    format: "cjs",
    target: "node20",
    banner: { js: startedBySh },
    outExtension: () => ({ js: ".js" }),
  });
}

/** What modules that were CommonJS expect to find. */
const withRequire = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

/** The server of one run as one module, with the adapter and all that it needs. */
export function bundleServer(): Promise<string> {
  return bundleBeside("src/server-pod/main.ts", []);
}

/**
 * A program as one module with all that it needs but some packages, which it finds beside it.
 * @param entry from `apps/example`
 */
export function bundleBeside(entry: string, external: string[]): Promise<string> {
  return built(entry, {
    external,
    format: "esm",
    target: "node24",
    banner: { js: withRequire },
    outExtension: () => ({ js: ".js" }),
    noExternal: external.length === 0 ? [/./] : [],
    esbuildOptions: (options) => {
      options.conditions = ["@claude-k8s/source"];
    },
  });
}

async function built(entry: string, options: Options): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "claude-replay-"));
  try {
    const silently: Options = { config: false, silent: true, ...options };
    await build({ ...silently, entry: { bundle: join(appFolder, entry) }, outDir });
    return await readFile(join(outDir, "bundle.js"), "utf8");
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
