import { describe } from "@claude-k8s/claude-stream-parse";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import type { RunEvidence } from "../run/model.ts";
import { printable } from "./printable.ts";

/** A run's result for a person: what it came to, what it took, and the answer. Pure. */
export function resultText(result: AdapterExecutionResult, { transcript }: RunEvidence): string {
  const failed =
    result.errorCode == null
      ? []
      : [`Failed (${result.errorCode}): ${printable(result.errorMessage ?? "")}`];
  const facts = [
    `exit code ${result.exitCode ?? "unknown"}`,
    `${transcript.lines} lines`,
    ...(result.sessionId == null ? [] : [`session ${printable(result.sessionId)}`]),
  ];
  const answer = transcript.summary.resultText;
  return [
    ...failed,
    printable(describe(transcript.summary)),
    facts.join(", "),
    ...(answer === undefined || answer === "" ? [] : ["", ...answer.split("\n").map(keepIndent)]),
    "",
  ].join("\n");
}

/** Answers are prose of several lines, whose indentation means something. */
function keepIndent(line: string): string {
  return `${/^[ \t]*/u.exec(line)?.[0] ?? ""}${printable(line)}`;
}
