import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { ClaudeSession } from "./claude-sessions.ts";
import { startMessagesApi } from "./messages-api.ts";
import { record } from "./record.ts";
import type { Recording } from "./recording.ts";
import { slugWorkspace } from "./slug-workspace.ts";

/** Where a session runs: nothing of the machine but `/usr/bin`, `/bin` and these. */
export interface SessionPlace {
  /** The CLI's file. */
  readonly claude: string;
  /** Its version line. */
  readonly version: string;
  /** `HOME`; emptied before a session that continues none. The workspace is inside. */
  readonly home: string;
  readonly cwd: string;
  /** A folder with `node` for the session's commands. */
  readonly bin: string;
}

/** Records one session of the CLI against a stand-in of the API. */
export async function recordSession(
  session: ClaudeSession,
  place: SessionPlace,
  signal: AbortSignal,
): Promise<Recording> {
  if (session.continues !== true) await freshWorkspace(place);
  const api = await startMessagesApi(session.script);
  try {
    const recording = await record({
      command: [place.claude, ...usualFlags, ...session.flags],
      about: session.about,
      program: place.version,
      stdin: new TextEncoder().encode(session.prompt),
      cwd: place.cwd,
      env: environment(session, place, api.url),
      ...(session.killAfterBytes === undefined ? {} : { killAfterBytes: session.killAfterBytes }),
      signal,
    });
    const { about } = recording;
    return { ...recording, about: { ...about, command: ["claude", ...about.command.slice(1)] } };
  } finally {
    await api.close();
  }
}

const usualFlags =
  "--print - --output-format stream-json --verbose --dangerously-skip-permissions".split(" ");

function environment(
  session: ClaudeSession,
  place: SessionPlace,
  url: string,
): Record<string, string> {
  return {
    HOME: place.home,
    PATH: `${place.bin}:/usr/bin:/bin`,
    LANG: "C.UTF-8",
    SHELL: "/bin/bash",
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: "not-a-key",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
    DISABLE_AUTOUPDATER: "1",
    // Lets root skip the permissions; the session only touches its own home.
    IS_SANDBOX: "1",
    ...session.env,
  };
}

async function freshWorkspace({ home, cwd }: SessionPlace): Promise<void> {
  await rm(home, { recursive: true, force: true });
  await mkdir(cwd, { recursive: true });
  for (const [file, content] of Object.entries(slugWorkspace())) {
    await writeFile(join(cwd, file), content);
  }
}
