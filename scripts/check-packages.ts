// Packs every public package as it would be published, checks each tarball, then installs them
// all in an empty project outside the workspace, typechecks an import of each and loads it.
import { execFileSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

interface Manifest {
  name: string;
  version: string;
  private?: boolean;
}

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
  execFileSync("attw", ["--profile", "esm-only", "--format", "ascii", "--no-color", tarball], {
    stdio: "inherit",
  });
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
