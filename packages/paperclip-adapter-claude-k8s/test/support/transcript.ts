const session = "0f3b6c1e-8f1d-4c55-9a59-9a5a5a5a5a5a";

/** A small healthy session, as the CLI of 2.1.330 prints it. */
export const healthy: readonly string[] = [
  {
    type: "system",
    subtype: "init",
    session_id: session,
    model: "claude-opus-4-7",
    cwd: "/workspace",
    tools: [],
  },
  {
    type: "assistant",
    session_id: session,
    message: {
      id: "msg_1",
      model: "claude-opus-4-7",
      role: "assistant",
      content: [{ type: "text", text: "Grüße 😀" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 10, output_tokens: 5, cache_read_input_tokens: 3 },
    },
  },
  {
    type: "result",
    subtype: "success",
    is_error: false,
    result: "Grüße 😀",
    session_id: session,
    num_turns: 1,
    stop_reason: "end_turn",
    total_cost_usd: 0.0125,
    usage: {
      input_tokens: 10,
      output_tokens: 5,
      cache_read_input_tokens: 3,
      cache_creation_input_tokens: 0,
    },
  },
].map((event) => JSON.stringify(event));

export const healthyOutput: string = `${healthy.join("\n")}\n`;
export const sessionId: string = session;
