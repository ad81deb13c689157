// Packs every public package as it would be published, checks each tarball, then installs them
// all in an empty project outside the workspace, typechecks an import of each and loads it. The adapter is
// installed once more by itself, as its host does it, and loaded and loaded again as its host does that.
import { execFileSync } from "node:child_process";
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
}

const adapter = "paperclip-adapter-claude-k8s";

const out = resolve(".artifacts");
rmSync(out, { recursive: true, force: true });
mkdirSync(out);

const tarballs: Record<string, string> = {};
for (const file of globSync("packages/*/package.json")) {
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Manifest;
  if (manifest.private === true) continue;
  const cwd = dirname(file);
  execFileSync("pnpm", ["pack", "--pack-destination", out], {
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const base = `${manifest.name.replace(/^@/, "").replace("/", "-")}-${manifest.version}.tgz`;
  tarballs[manifest.name] = `file:${join(out, base)}`;
}

for (const tarball of globSync(`${out}/*.tgz`)) {
  execFileSync("publint", ["--strict", tarball], { stdio: "inherit" });
  // The UI parser is read as text by the host, and by nobody for its types.
  const untyped = tarball.includes(adapter) ? ["--exclude-entrypoints", "ui-parser"] : [];
  const format = ["--profile", "esm-only", "--format", "ascii", "--no-color"];
  execFileSync("attw", [tarball, ...format, ...untyped], { stdio: "inherit" });
}

const names = Object.keys(tarballs);
const consumer = mkdtempSync(join(tmpdir(), "consumer-"));
try {
  const write = (name: string, text: string): void => writeFileSync(join(consumer, name), text);
  write("package.json", JSON.stringify({ private: true, type: "module", dependencies: tarballs }));
  // JSON is YAML. The overrides stand for siblings that are not on the registry yet.
  write("pnpm-workspace.yaml", JSON.stringify({ packages: [], overrides: tarballs }));
  const source = names.map(
    (name, i) =>
      `import * as m${i} from "${name}";\nconsole.log("${name}", Object.keys(m${i}).length);`,
  );
  write("use.mts", source.join("\n"));
  write("use.mjs", source.join("\n"));
  execFileSync("pnpm", ["install", "--prefer-offline", "--no-frozen-lockfile"], {
    cwd: consumer,
    stdio: "inherit",
  });
  const flags = [
    "--noEmit",
    "--strict",
    "--skipLibCheck",
    "--target",
    "es2023",
    "--module",
    "nodenext",
  ];
  const types = ["--typeRoots", resolve("node_modules/@types"), "--types", "node"];
  execFileSync("tsc", [...flags, ...types, "use.mts"], { cwd: consumer, stdio: "inherit" });
  execFileSync("node", ["use.mjs"], { cwd: consumer, stdio: "inherit" });
  execFileSync(join(consumer, "node_modules/.bin/claude-k8s"), ["--version"], { stdio: "inherit" });
} finally {
  rmSync(consumer, { recursive: true, force: true });
}

/** What the host does with the installed adapter; fails by throwing. */
const asHost = `
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
const folder = join(import.meta.dirname, "node_modules", "${adapter}");
// What a host with the oldest OpenTelemetry API that there may be has registered; the adapter cannot import that API.
const spans = [];
const span = { isRecording: () => false, setAttribute: () => span, end: () => {} };
const trace = { getTracer: () => ({ startSpan: (name) => (spans.push(name), span) }) };
globalThis[Symbol.for("opentelemetry.js.api.1")] = { version: "1.9.0", trace };
const { exports } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
const entry = join(folder, exports["."].import ?? exports["."].default);
const first = await import(pathToFileURL(entry).href);
const again = await import(pathToFileURL(entry).href + "?reloaded=1");
if (first.createServerAdapter === again.createServerAdapter) throw new Error("a reload gives the old code");
for (const { createServerAdapter } of [first, again])
  if (createServerAdapter().type !== "claude_k8s") throw new Error("no adapter");
const context = { runId: "r", agent: { id: "a", companyId: "c" }, runtime: {}, context: {}, config: { busyWaitSec: -1 }, onLog: () => {} };
for (const { createServerAdapter } of [first, again]) {
  const { errorCode } = await createServerAdapter().execute(context);
  if (errorCode !== "configuration_incomplete") throw new Error("a wrong setting is not refused: " + errorCode);
}
if (spans.join() !== "claude_k8s.run,claude_k8s.run") throw new Error("the host's OpenTelemetry SDK is not found: " + spans.join());
if (/from "@claude-k8s\\//.test(readFileSync(entry, "utf8"))) throw new Error("a library is not in the entry: a reload would keep its old code");
const source = readFileSync(join(folder, exports["./ui-parser"]), "utf8");
const module = { exports: {} };
new Function("exports", "module", "self", "globalThis", '"use strict";\\n{\\n' + source + "\\n}")(module.exports, module);
const [shown] = module.exports.parseStdoutLine("hello", "now");
if (shown?.kind !== "stdout") throw new Error("the UI parser does not answer");
if (createRequire(import.meta.url).resolve("${adapter}/ui-parser") !== join(folder, exports["./ui-parser"])) throw new Error("ui-parser does not resolve");
`;
const host = mkdtempSync(join(tmpdir(), "adapter-plugins-"));
try {
  writeFileSync(join(host, "package.json"), JSON.stringify({ private: true }));
  writeFileSync(join(host, "load.mjs"), asHost);
  const tarball = (tarballs[adapter] ?? "").replace(/^file:/, "");
  const flags = ["--no-save", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts"];
  execFileSync("npm", ["install", ...flags, tarball], { cwd: host, stdio: "inherit" });
  execFileSync("node", ["load.mjs"], { cwd: host, stdio: "inherit" });
  const installed = join(host, "node_modules", adapter);
  const files = globSync("**/*", { cwd: installed, withFileTypes: true }).filter((file) =>
    file.isFile(),
  );
  const bytes = files.reduce(
    (sum, file) => sum + statSync(join(file.parentPath, file.name)).size,
    0,
  );
  console.log(
    `${adapter}: ${kB(statSync(tarball).size)} packed, ${kB(bytes)} in ${files.length} files`,
  );
} finally {
  rmSync(host, { recursive: true, force: true });
}

function kB(size: number): string {
  return `${Math.round(size / 1_000)} kB`;
}
