import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";

import { ExampleError } from "../errors.ts";
import { claudeSessions } from "./claude-sessions.ts";
import { formatRecording } from "./format-recording.ts";
import { recordSession } from "./record-session.ts";

// Makes the recordings again:
//   record-claude.ts --claude FILE [--home /home/agent] [--out FOLDER]
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      claude: { type: "string", default: "claude" },
      home: { type: "string", default: "/home/agent" },
      out: { type: "string", default: join(import.meta.dirname, "../../recordings") },
    },
  });
  await mustNotExist(values.home);
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  const bin = await mkdtemp(join(tmpdir(), "record-claude-"));
  try {
    await symlink(process.execPath, join(bin, "node"));
    await recordAll(values, bin, stopped.signal);
  } finally {
    await rm(bin, { recursive: true, force: true });
    await rm(values.home, { recursive: true, force: true });
  }
}

async function recordAll(
  { claude, home, out }: { readonly claude: string; readonly home: string; readonly out: string },
  bin: string,
  signal: AbortSignal,
): Promise<void> {
  const { stdout } = await promisify(execFile)(claude, ["--version"]);
  const cwd = join(home, "workspace");
  const place = { claude, version: stdout.trim(), home, cwd, bin };
  await mkdir(out, { recursive: true });
  for (const session of claudeSessions(cwd)) {
    signal.throwIfAborted();
    const recording = await recordSession(session, place, signal);
    const file = join(out, `${session.name}.recording.jsonl`);
    await writeFile(file, formatRecording(recording));
    const { at, code, signal: killedBy } = recording.end;
    process.stderr.write(`${file}: ${at} ms, ended with ${killedBy ?? `code ${code}`}\n`);
  }
}

/** It is emptied for each session and removed at the end: never one that somebody uses. */
async function mustNotExist(home: string): Promise<void> {
  try {
    await access(home);
  } catch {
    return;
  }
  throw new ExampleError(
    "EXAMPLE_OPTION",
    `--home ${home}: expected a folder that does not exist yet; it is made for the recording and removed afterwards`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
