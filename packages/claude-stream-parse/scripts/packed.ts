import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Builds and packs the package, unpacks the tarball, and gives the path of its entry. */
export function packed(folder: string): string {
  run("pnpm", ["run", "build"]);
  run("pnpm", ["pack", "--pack-destination", folder]);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error(`pnpm pack left no tarball in ${folder}`);
  const target = join(folder, "unpacked");
  mkdirSync(target);
  run("tar", ["-xzf", join(folder, tarball), "-C", target, "--strip-components=1"]);
  return join(target, "dist/index.js");
}

function run(program: string, args: readonly string[]): void {
  execFileSync(program, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}
