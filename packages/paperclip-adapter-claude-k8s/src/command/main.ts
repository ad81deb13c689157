#!/usr/bin/env node
import { exitCodeOfEnd } from "./exit-codes.ts";
import { runCommand } from "./run-command.ts";
import { type EndReason, textTarget } from "./text-target.ts";

const end = new AbortController();
const onClosed = (reason: EndReason): void => end.abort(reason);

/** The first signal ends in order; the second at once. */
const onSignal = (name: NodeJS.Signals): void => {
  const reason = { kind: "signal", name };
  if (end.signal.aborted) process.exit(exitCodeOfEnd(reason) ?? 1);
  end.abort(reason);
};
process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);

const code = await runCommand(process.argv.slice(2), {
  stdout: textTarget(process.stdout, onClosed),
  stderr: textTarget(process.stderr, onClosed),
  env: process.env,
  signal: end.signal,
  now: () => Date.now(),
});
// A pipe that was closed while the last words were written.
process.exitCode = end.signal.aborted ? (exitCodeOfEnd(end.signal.reason) ?? code) : code;
process.off("SIGINT", onSignal);
process.off("SIGTERM", onSignal);
