import type { LogFile } from "./log-file.ts";

/** What the kubelet takes of a log: so many lines from its end, and of these so many bytes. */
const mostLines = 80;
const mostBytes = 2_048;
const newline = 10;

/**
 * The message of a container that failed and wrote none itself, under the policy `FallbackToLogsOnError`: the
 * end of its log; `undefined` when it wrote nothing.
 * https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
export function lastWords({ blocks }: LogFile): string | undefined {
  let text = Buffer.alloc(0);
  for (const { bytes, used } of blocks.toReversed()) {
    if (text.length > mostBytes) break;
    text = Buffer.concat([bytes.subarray(0, used), text]);
  }
  const kept = text.subarray(lineStart(text));
  const end = kept.subarray(Math.max(0, kept.length - mostBytes));
  return end.length === 0 ? undefined : end.toString("utf8");
}

/** Where the last lines begin. The newline at the very end begins none. */
function lineStart(text: Buffer): number {
  let found = 0;
  for (let at = text.length - 2; at >= 0; at -= 1)
    if (text[at] === newline && (found += 1) === mostLines) return at + 1;
  return 0;
}
