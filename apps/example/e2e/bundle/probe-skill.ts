import { createHash } from "node:crypto";

/** What the program of the probing skill saw of its pod. */
export interface Seen {
  readonly args: readonly string[];
  readonly uid: number;
  /** `greetings`: lines that are `greeting`. */
  readonly stdin: { readonly bytes: number; readonly greetings: number };
  /** Of the bundle, by path: what the file holds, and whether it can be run. */
  readonly files: Readonly<Record<string, { readonly sha256: string; readonly runs: boolean }>>;
  /** The error code of an attempt to write beside them. */
  readonly writing: string;
  /** Names of the MCP servers. */
  readonly mcp: readonly string[];
}

/** A line of a large prompt. */
export const greeting = "Grüße 😀 an alle";

const bundleDir = "/claude-k8s/bundle";

/** The skill's name; its folder is first on the program's PATH, so its own `claude` is the one that runs. */
export const probeName = "probe";

export const probePath: string = `${bundleDir}/.claude/skills/${probeName}:/usr/local/bin:/usr/bin:/bin`;

const report = `
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const root = ${JSON.stringify(bundleDir)};
const runs = (file) => { try { fs.accessSync(file, fs.constants.X_OK); return true; } catch { return false; } };
const files = {};
const walk = (at) => {
  for (const entry of fs.readdirSync(at, { withFileTypes: true })) {
    const file = path.join(at, entry.name);
    if (entry.isDirectory()) walk(file);
    else files[path.relative(root, file)] = { sha256: sha256(fs.readFileSync(file)), runs: runs(file) };
  }
};
walk(root);
let writing = "none";
const beside = path.join(root, ".claude/skills/${probeName}/new");
try { fs.writeFileSync(beside, "x"); } catch (error) { writing = error.code; }
const args = process.argv.slice(2);
const config = args[args.indexOf("--mcp-config") + 1];
const mcp = args.includes("--mcp-config") ? Object.keys(JSON.parse(fs.readFileSync(config, "utf8")).mcpServers) : [];
const input = fs.readFileSync(0);
const greetings = input.toString("utf8").split("\\n").filter((line) => line === ${JSON.stringify(greeting)}).length;
const seen = { args, uid: process.getuid(), stdin: { bytes: input.length, greetings }, files, writing, mcp };
const session_id = "0f3b6c1e-8f1d-4c55-9a59-9a5a5a5a5a5a";
const say = (event) => process.stdout.write(JSON.stringify({ session_id, ...event }) + "\\n");
say({ type: "system", subtype: "init", model: "probe", cwd: process.cwd(), tools: [] });
say({ type: "result", subtype: "success", is_error: false, num_turns: 1, result: JSON.stringify(seen) });
`;

/** The skill's files by name: a script that must be run to be of use, and what it runs. */
export const probeFiles: Readonly<Record<string, string>> = {
  "SKILL.md": "# Probe\n\nSays what the pod has.\n",
  claude: '#!/bin/sh\nexec node "${0%/*}/report.mjs" "$@"\n',
  "report.mjs": report,
};

export function sha256(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}
