import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  createTranscript,
  parseStream,
  renderEvent,
  type Verdict,
  verdict,
} from "@claude-k8s/claude-stream-parse";

/** Runs `claude`, shows what it does, and says what it came to. */
export async function ask(
  prompt: string,
  show: (line: string) => void = console.log,
): Promise<Verdict> {
  const args = ["--print", "--output-format", "stream-json", "--verbose"];
  const child = spawn("claude", args, { stdio: ["pipe", "pipe", "pipe"] });
  const closed = once(child, "close");
  child.stdin.end(prompt);
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));

  const transcript = createTranscript();
  for await (const bytes of child.stdout) {
    for (const event of transcript.push(bytes as Uint8Array))
      renderEvent(event).forEach((line) => show(line));
  }
  transcript.end();
  await closed;
  return verdict(transcript.summary, {
    exitCode: child.exitCode,
    signal: child.signalCode,
    stderr,
  });
}

/** The tools that a run used, from the lines of a pod's log. */
export async function toolsUsed(log: AsyncIterable<string>): Promise<string[]> {
  const tools: string[] = [];
  for await (const event of parseStream(log)) {
    if (event.type !== "assistant") continue;
    for (const block of event.blocks) if (block.type === "tool_use") tools.push(block.name);
  }
  return tools;
}
