import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { ExampleError } from "../errors.ts";
import { readRecording } from "../recorder/read-recording.ts";
import type { Recording } from "../recorder/recording.ts";

const suffix = ".recording.jsonl";

/** Where a recording of this name lies. */
export function recordingFile(folder: string, name: string): string {
  return join(folder, `${name}${suffix}`);
}

/** The names of a folder's recordings: `healthy` for `healthy.recording.jsonl`. */
export async function recordingNames(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files
    .filter((file) => file.endsWith(suffix))
    .map((file) => file.slice(0, -suffix.length))
    .toSorted();
}

/**
 * Reads a recording by its name.
 *
 * @throws ExampleError `EXAMPLE_RECORDING`, with the names there are when there is none of this name.
 */
export async function findRecording(folder: string, name: string): Promise<Recording> {
  let names: string[];
  try {
    names = await recordingNames(folder);
  } catch (cause) {
    throw new ExampleError(
      "EXAMPLE_RECORDING",
      `No folder of recordings at ${folder} (CLAUDE_REPLAY_RECORDINGS names another)`,
      { cause },
    );
  }
  if (!names.includes(name)) {
    throw new ExampleError(
      "EXAMPLE_RECORDING",
      `CLAUDE_REPLAY=${name}: no such recording in ${folder}; there are: ${names.join(", ") || "none"}`,
    );
  }
  return readRecording(recordingFile(folder, name));
}
