import { readFile } from "node:fs/promises";

import { ExampleError } from "../errors.ts";
import { parseRecording } from "./parse-recording.ts";
import type { Recording } from "./recording.ts";

/** @throws ExampleError `EXAMPLE_RECORDING` when the file cannot be read or is no recording. */
export async function readRecording(path: string): Promise<Recording> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExampleError("EXAMPLE_RECORDING", `Cannot read the recording ${path}: ${why}`, {
      cause,
    });
  }
  return parseRecording(text, path);
}
