import { ExampleError } from "../errors.ts";
import type { ReplayContext } from "./context.ts";
import { readFlags } from "./flags.ts";
import { readPace } from "./pace.ts";
import { playMadeUp } from "./play-made-up.ts";
import { playRecording } from "./play-recording.ts";
import { describePrompt, readPrompt } from "./prompt.ts";
import { findRecording } from "./recordings-folder.ts";
import { parseScenario } from "./scenario.ts";

/**
 * `claude --print --output-format stream-json --verbose`, played from recordings: reads the prompt
 * from stdin to its end, writes exactly the recorded bytes in the recorded time, ends with the
 * recorded exit code. It is a `Program` of the emulator, and the whole of the image's `claude`.
 *
 * | environment | |
 * | --- | --- |
 * | `CLAUDE_REPLAY` | what to play, see `parseScenario`; default `healthy` |
 * | `CLAUDE_REPLAY_SPEED` | 1 = recorded timing (the default), 0 = no waits |
 * | `CLAUDE_REPLAY_ECHO_PROMPT_HASH` | `1`: size and SHA-256 of the prompt to stderr, first thing |
 *
 * Exit codes: the recorded one; 143 at SIGTERM, at once, as the CLI does; 1 with a line on stderr
 * for an empty prompt, flags that cannot be replayed and an unknown scenario.
 *
 * @param folder holds the `*.recording.jsonl` files.
 */
export function replayProgram(folder: string): (context: ReplayContext) => Promise<number> {
  return async (context) => {
    try {
      return await replay(folder, context);
    } catch (error) {
      if (context.signal.aborted && error === context.signal.reason) return 143;
      if (!ExampleError.isInstance(error)) throw error;
      await context.stderr.write(`claude-replay: ${error.message}\n`);
      return 1;
    }
  };
}

async function replay(folder: string, context: ReplayContext): Promise<number> {
  const invocation = readFlags(context.argv.slice(1));
  if (invocation.kind === "refused") {
    await context.stderr.write(`${invocation.message}\n`);
    return 1;
  }
  if (invocation.kind === "version") {
    const { about } = await findRecording(folder, "healthy");
    await context.stdout.write(`${about.program}\n`);
    return 0;
  }
  const scenario = parseScenario(context.env["CLAUDE_REPLAY"]);
  const pace = readPace(context);
  const prompt = await readPrompt(context);
  if (prompt.byteLength === 0) {
    await context.stderr.write(
      "Error: Input must be provided either through stdin or as a prompt argument when using --print\n",
    );
    return 1;
  }
  if (context.env["CLAUDE_REPLAY_ECHO_PROMPT_HASH"] === "1") {
    await context.stderr.write(describePrompt(prompt));
  }
  if (scenario.kind !== "recording") {
    return playMadeUp(scenario, context, { pace, version: "2.1.330" });
  }
  return playRecording(await findRecording(folder, scenario.name), context, pace);
}
