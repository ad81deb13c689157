import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { program } from "./streams.ts";
import type { Outcome } from "./streams.ts";

/** Runs the program on the newest release of a Node line, as a user of the package would. */
export function runInNode(
  line: string,
  entry: string,
  folder: string,
): Outcome | { skipped: string } {
  const node = fetchNode(line, folder);
  if (node === undefined)
    return { skipped: `there is no Node ${line} package for ${process.platform}` };
  return outcomeIn(node, entry, join(folder, `node-${line}.mjs`));
}

/** What a Node makes of the streams with the package at `entry`; `file` is where the program is put. */
export function outcomeIn(node: string, entry: string, file: string): Outcome {
  const source = `import { createTranscript, verdict } from ${JSON.stringify(pathToFileURL(entry).href)};${program()}
console.log(JSON.stringify({ version: process.version, outcomes }));`;
  writeFileSync(file, source);
  const outcome: Outcome = JSON.parse(
    execFileSync(node, [file], { encoding: "utf8", maxBuffer: 2 ** 28 }),
  );
  return outcome;
}

function fetchNode(line: string, folder: string): string | undefined {
  if (process.platform !== "linux") return undefined;
  const target = join(folder, "nodes");
  mkdirSync(target, { recursive: true });
  const name = `n${line}`;
  const wanted = `${name}@npm:node-linux-${process.arch}@${line}`;
  const flags = ["--no-bin-links", "--no-audit", "--no-fund", "--prefix", target];
  execFileSync("npm", ["install", ...flags, wanted], { stdio: ["ignore", "ignore", "inherit"] });
  return join(target, "node_modules", name, "bin/node");
}
