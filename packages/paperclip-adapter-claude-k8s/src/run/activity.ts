import type { ClaudeEvent, ContentBlock } from "@claude-k8s/claude-stream-parse";

/** What the program does at a moment, for a status line. */
export interface Activity {
  readonly message: string;
  /** Name of the tool that is at work. */
  readonly tool?: string;
  /** The beginning of what was said last, in one line. */
  readonly snippet?: string;
}

/** As a status line shows them. */
const snippetLength = 160;
const nameLength = 60;

export const beginning: Activity = { message: "Claude is running" };

/**
 * What the program does after an event, given what it did before. What a subagent says is its parent's
 * affair: the tool that runs it is at work. Arguments of tools are not shown: nobody knows what is in them.
 */
export function nextActivity(before: Activity, event: ClaudeEvent): Activity {
  const { snippet } = before;
  const now = (message: string, tool?: string): Activity => ({
    message,
    ...(tool === undefined ? {} : { tool }),
    ...(snippet === undefined ? {} : { snippet }),
  });
  switch (event.type) {
    case "assistant":
      return event.parentToolUseId === undefined ? afterReply(before, event.blocks) : before;
    case "user":
      return event.parentToolUseId === undefined && event.blocks.some(isToolResult)
        ? now("Claude is thinking")
        : before;
    case "api_retry":
      return now(retryText(event));
    case "rate_limit":
      return event.status === "rejected" ? now("The provider's limit is reached") : before;
    case "compact_boundary":
      return now("Claude has summed up the conversation");
    case "result":
      return now("Claude has answered");
    case "background_tasks":
    case "control":
    case "conversation_reset":
    case "hook":
    case "init":
    case "model_change":
    case "noise":
    case "notice":
    case "other":
    case "permission_denied":
    case "session_state":
    case "status":
    case "stream_event":
    case "task":
    case "tool_progress":
      return before;
    default:
      return event satisfies never;
  }
}

function afterReply(before: Activity, blocks: readonly ContentBlock[]): Activity {
  const said = blocks.findLast((block) => block.type === "text")?.text;
  const snippet = said === undefined ? before.snippet : oneLine(said);
  const tools = blocks.flatMap((block) => (block.type === "tool_use" ? [block.name] : []));
  const tool = tools.at(-1)?.slice(0, nameLength);
  return {
    message: tool === undefined ? "Claude is writing" : `Claude is using ${tool}`,
    ...(tool === undefined ? {} : { tool }),
    ...(snippet === undefined || snippet === "" ? {} : { snippet }),
  };
}

function isToolResult({ type }: ContentBlock): boolean {
  return type === "tool_result";
}

function retryText({
  attempt,
  maxRetries,
  status,
}: Extract<ClaudeEvent, { type: "api_retry" }>): string {
  const answer = status === undefined ? "gave no answer" : `answered ${status}`;
  const which = attempt === undefined ? "" : `, attempt ${attempt}`;
  const of = which === "" || maxRetries === undefined ? "" : ` of ${maxRetries}`;
  return `The provider ${answer}; Claude tries again${which}${of}`;
}

function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * snippetLength)
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length <= snippetLength ? line : `${line.slice(0, snippetLength - 1)}…`;
}
