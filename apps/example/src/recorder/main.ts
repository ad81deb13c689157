import { writeFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";

import { ExampleError } from "../errors.ts";
import { formatRecording } from "./format-recording.ts";
import { record } from "./record.ts";
import { recordedBytes } from "./recording.ts";

const usage = `Records what a command writes, when, and how it ends. Its stdin is this program's.

  main.ts --out FILE [--about TEXT] [--program VERSION] -- COMMAND [ARGUMENT…]
`;

async function main(args: readonly string[]): Promise<number> {
  const { out, about, program, command } = readArguments(args);
  const stopped = new AbortController();
  process.once("SIGINT", () => stopped.abort());
  process.once("SIGTERM", () => stopped.abort());
  const recording = await record({
    command,
    about,
    ...(program === undefined ? {} : { program }),
    stdin: await buffer(process.stdin),
    signal: stopped.signal,
  });
  await writeFile(out, formatRecording(recording));
  const { end } = recording;
  const bytes = recordedBytes(recording, "stdout").byteLength;
  process.stderr.write(
    `${out}: ${bytes} bytes of stdout in ${end.at} ms, ended with ${end.signal ?? `code ${end.code}`}\n`,
  );
  return 0;
}

interface Arguments {
  readonly out: string;
  readonly about: string;
  readonly program: string | undefined;
  readonly command: readonly [string, ...string[]];
}

function readArguments(args: readonly string[]): Arguments {
  const separator = args.indexOf("--");
  const [file, ...rest] = separator === -1 ? [] : args.slice(separator + 1);
  const { values } = parseArgs({
    args: separator === -1 ? [...args] : args.slice(0, separator),
    options: {
      out: { type: "string" },
      about: { type: "string" },
      program: { type: "string" },
    },
  });
  if (values.out === undefined) throw missing("--out FILE");
  if (file === undefined) throw missing("-- COMMAND");
  const command = [file, ...rest] as const;
  const { out, about = command.join(" "), program } = values;
  return { out, about, program, command };
}

function missing(what: string): ExampleError {
  return new ExampleError("EXAMPLE_OPTION", `${what} is missing.\n\n${usage}`);
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
