import { finding } from "./finding.ts";
import type { Finding } from "./finding.ts";
import { judgeText } from "./judge-text.ts";
import { unknownSessionText } from "./judge-result.ts";
import type { ClaudeSummary } from "./summary-types.ts";
import type { ProcessEnd } from "./verdict-types.ts";

/** What a run came to that has no result: never a success, whatever the exit code. */
export function judgeNoResult(summary: ClaudeSummary, end: ProcessEnd): Finding {
  if (summary.end === "truncated" || summary.end === "empty-response")
    return truncated(summary, end);
  // A pod's log has stderr and stdout in one; so the noise is asked as well.
  const said = [end.stderr ?? "", ...summary.noise.first, ...summary.noise.last].join("\n");
  if (unknownSessionText.test(said))
    return finding("unknown_session", "stderr: no conversation found");
  if (summary.end === "init-only" || killed(end)) return truncated(summary, end);
  return judgeNoStart(summary, end, said);
}

function truncated({ lastRetry }: ClaudeSummary, end: ProcessEnd): Finding {
  const evidence = ["no result event", exitShown(end)];
  if (lastRetry)
    evidence.push(`it ended while trying again after ${lastRetry.status ?? "no answer"}`);
  return { kind: "truncated", evidence };
}

/** There was no init: it did not start, or it wrote something else. */
function judgeNoStart(summary: ClaudeSummary, end: ProcessEnd, said: string): Finding {
  const exit = exitShown(end);
  if (summary.noise.first.some((line) => /^\s*\[\s*[{\]]/.test(line)))
    return finding("not_a_stream", "stdout is JSON, but no events", exit);
  if (end.exitCode) {
    const auth = judgeText(said) === "auth";
    return finding(auth ? "auth" : "startup", "no init event", exit);
  }
  if (/^error: /im.test(said)) return finding("startup", "no init event", "an error line");
  if (summary.end === "noise-only")
    return finding("not_a_stream", "stdout is text, not events", exit);
  if (end.stderr?.trim()) return finding("startup", "only stderr", exit);
  return finding("truncated", "no result event", exit);
}

/** Ended from outside: a signal, or the shell's code for one. */
function killed({ exitCode, signal }: ProcessEnd): boolean {
  return Boolean(signal) || (exitCode ?? 0) > 128 || (exitCode ?? 0) < 0;
}

function exitShown({ exitCode, signal }: ProcessEnd): string {
  if (signal) return `signal ${signal}`;
  return exitCode === null || exitCode === undefined
    ? "exit code unknown"
    : `exit code ${exitCode}`;
}
