import type { Reply } from "./reply.ts";
import { bigWriteSession, slugPrompt, slugSession } from "./slug-session.ts";

/** One recording of the CLI: what it is asked, what the API answers, and what is done to it. */
export interface ClaudeSession {
  readonly name: string;
  readonly about: string;
  readonly prompt: string;
  readonly script: readonly Reply[];
  /** Beside `--print - --output-format stream-json --verbose --dangerously-skip-permissions`. */
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** SIGKILL when so much of stdout was read. */
  readonly killAfterBytes?: number;
  /** Goes on in the home and the workspace that the session before it left. */
  readonly continues?: true;
}

const session = "c0ffee00-1111-4222-8333-444455556666";
const overloaded: Reply = {
  kind: "error",
  status: 529,
  type: "overloaded_error",
  message: "Overloaded",
};
const unauthorized: Reply = {
  kind: "error",
  status: 401,
  type: "authentication_error",
  message: "invalid x-api-key",
};

/** In this order: `resumed` needs what `healthy` left. `cwd` is the workspace. */
export function claudeSessions(cwd: string): readonly ClaudeSession[] {
  const work = slugSession(cwd);
  const usual = { prompt: slugPrompt, flags: [], env: {} };
  return [
    {
      ...usual,
      name: "healthy",
      about:
        "A session that reads, runs, edits and ends with a success; non-ASCII, one line > 100 kB",
      script: work,
      flags: ["--session-id", session],
    },
    {
      ...usual,
      name: "resumed",
      about: "The healthy session resumed with a question: one tool call and a success",
      prompt: "Was hast du geändert? 何を変えましたか？\n",
      script: [
        {
          kind: "message",
          blocks: [{ type: "tool", name: "Bash", input: { command: "cat slug.mjs" } }],
        },
        {
          kind: "message",
          blocks: [{ type: "text", text: "Nur slug.mjs: 文字・記号・数字 statt [a-z0-9]." }],
        },
      ],
      flags: ["--resume", session],
      continues: true,
    },
    {
      ...usual,
      name: "api-error",
      about:
        "Two tool calls, then the API is overloaded (529) through all retries: is_error, exit 1",
      script: [...work.slice(0, 1), overloaded],
      env: { CLAUDE_CODE_MAX_RETRIES: "2" },
    },
    {
      ...usual,
      name: "auth-error",
      about: "The API refuses the key (401) at the first call: is_error, exit 1",
      script: [unauthorized],
      env: { CLAUDE_CODE_MAX_RETRIES: "1" },
    },
    {
      ...usual,
      name: "truncated",
      about: "A session that is killed by SIGKILL in the middle of a line: no result",
      script: bigWriteSession(cwd),
      killAfterBytes: 80_000,
    },
  ];
}
