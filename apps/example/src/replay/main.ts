import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";

import { nodeContext } from "./node-context.ts";
import { replayProgram } from "./replay-program.ts";

// In the image: /usr/local/bin/claude and /usr/local/share/claude-replay/.
const besideProgram = (): string =>
  join(dirname(realpathSync(process.argv[1] ?? ".")), "..", "share", "claude-replay");

const program = replayProgram(process.env["CLAUDE_REPLAY_RECORDINGS"] ?? besideProgram());

// Everything that was written is out: only a stdin nobody closed could still hold the process.
void program(nodeContext(process)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
