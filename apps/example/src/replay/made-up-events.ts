/** The session of everything that is made up, so that tests can name it. */
const session = "5ca1ab1e-0000-4000-8000-000000000001";
const model = "claude-opus-4-5";
const usage = {
  input_tokens: 3,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 5,
};

/** The least of the CLI's three main events, each as a line with its newline. */
export function initLine(version: string): string {
  return line({
    type: "system",
    subtype: "init",
    cwd: "/workspace",
    session_id: session,
    tools: ["Bash", "Read"],
    mcp_servers: [],
    model,
    permissionMode: "bypassPermissions",
    apiKeySource: "ANTHROPIC_API_KEY",
    claude_code_version: version,
    uuid: uuid(0),
  });
}

/**
 * @param number makes the event's ids differ
 * @param message default: one of its own
 */
export function textLine(text: string, number: number, message: number = number): string {
  return line({
    type: "assistant",
    message: {
      id: `msg_${message}`,
      type: "message",
      role: "assistant",
      model,
      content: [{ type: "text", text }],
      stop_reason: null,
      stop_sequence: null,
      usage,
    },
    parent_tool_use_id: null,
    session_id: session,
    uuid: uuid(number),
  });
}

export function successLine(result: string, number: number): string {
  return line({
    type: "result",
    subtype: "success",
    is_error: false,
    duration_ms: 1000,
    duration_api_ms: 900,
    num_turns: 1,
    result,
    stop_reason: "end_turn",
    session_id: session,
    total_cost_usd: 0.0001,
    usage,
    modelUsage: {
      [model]: {
        inputTokens: 3,
        outputTokens: 5,
        cacheReadInputTokens: 0,
        cacheCreationInputTokens: 0,
        webSearchRequests: 0,
        costUSD: 0.0001,
        contextWindow: 200_000,
      },
    },
    permission_denials: [],
    terminal_reason: "completed",
    uuid: uuid(number),
  });
}

function line(event: object): string {
  return `${JSON.stringify(event)}\n`;
}

function uuid(number: number): string {
  return `5ca1ab1e-0000-4000-9000-${String(number).padStart(12, "0")}`;
}
