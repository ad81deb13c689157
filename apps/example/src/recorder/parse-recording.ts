import { ExampleError } from "../errors.ts";
import type { RecordedChunk, RecordedEnd, Recording, RecordingAbout } from "./recording.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Reads the text of a recording's file. `where` names it in errors.
 *
 * @throws ExampleError `EXAMPLE_RECORDING` with the line, what was expected there and what came.
 */
export function parseRecording(text: string, where: string): Recording {
  const lines = text.split("\n");
  // What follows the last newline: nothing, unless the file was cut in the middle of a line.
  if (lines.at(-1) === "") lines.pop();
  const [first = "", ...rest] = lines.map((line, index) =>
    parseLine(line, `${where}:${index + 1}`),
  );
  if (first === "") throw broken(`${where}:1`, "a first line with recording: 1", "an empty file");
  const last = rest.at(-1);
  if (last?.["exit"] === undefined) {
    throw broken(
      `${where}:${lines.length}`,
      'a last line with "exit"',
      "the end of the file: was the recorder stopped, or the file cut?",
    );
  }
  return {
    about: aboutOf(first, `${where}:1`),
    chunks: rest.slice(0, -1).map((line, index) => chunkOf(line, `${where}:${index + 2}`)),
    end: endOf(last, `${where}:${lines.length}`),
  };
}

function parseLine(line: string, where: string): Json {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw broken(where, "one JSON object a line", line, cause);
  }
  if (!isObject(value)) throw broken(where, "a JSON object", line);
  return value;
}

function aboutOf(line: Json, where: string): RecordingAbout {
  if (line["recording"] !== 1) throw broken(where, "recording: 1", show(line["recording"]));
  const { about, program, command, recordedAt, stdin, changed } = line;
  if (typeof about !== "string") throw broken(where, "about: a text", show(about));
  if (typeof program !== "string") throw broken(where, "program: a text", show(program));
  if (!Array.isArray(command) || !command.every((word) => typeof word === "string")) {
    throw broken(where, "command: a list of texts", show(command));
  }
  if (typeof recordedAt !== "string") throw broken(where, "recordedAt: a time", show(recordedAt));
  if (!isObject(stdin)) throw broken(where, "stdin: { bytes, sha256 }", show(stdin));
  const { bytes, sha256 } = stdin;
  if (typeof bytes !== "number" || typeof sha256 !== "string") {
    throw broken(where, "stdin: { bytes, sha256 }", show(stdin));
  }
  const common = { about, program, command, recordedAt, stdin: { bytes, sha256 } };
  return typeof changed === "string" ? { ...common, changed } : common;
}

const contents = [
  { key: "out", stream: "stdout", encoding: "utf8" },
  { key: "out64", stream: "stdout", encoding: "base64" },
  { key: "err", stream: "stderr", encoding: "utf8" },
  { key: "err64", stream: "stderr", encoding: "base64" },
] as const;

function chunkOf(line: Json, where: string): RecordedChunk {
  const content = contents.find(({ key }) => typeof line[key] === "string");
  if (content === undefined) throw broken(where, "out, out64, err or err64", show(line));
  const bytes = Buffer.from(String(line[content.key]), content.encoding);
  return { at: timeOf(line, where), stream: content.stream, bytes: new Uint8Array(bytes) };
}

function endOf(line: Json, where: string): RecordedEnd {
  const at = timeOf(line, where);
  const exit = line["exit"];
  if (isObject(exit)) {
    const { code, signal } = exit;
    if (typeof code === "number" && signal === undefined) return { at, code };
    if (isSignal(signal) && code === undefined) return { at, signal };
  }
  throw broken(where, "exit: { code } or { signal }", show(exit));
}

function timeOf(line: Json, where: string): number {
  const { at } = line;
  if (typeof at === "number" && at >= 0) return at;
  throw broken(where, "at: milliseconds since the start", show(at));
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSignal(value: unknown): value is NodeJS.Signals {
  return typeof value === "string" && /^SIG[A-Z0-9]+$/.test(value);
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function broken(where: string, expected: string, got: string, cause?: unknown): ExampleError {
  const short = got.length > 80 ? `${got.slice(0, 80)}…` : got;
  return new ExampleError(
    "EXAMPLE_RECORDING",
    `${where}: not a recording. Expected ${expected}; got ${short}`,
    cause === undefined ? {} : { cause },
  );
}
