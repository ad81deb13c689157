import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { ServerResponse } from "node:http";

import type { Reply, ReplyBlock } from "./reply.ts";

type Message = Extract<Reply, { kind: "message" }>;

/** Sends a reply as the Messages API streams one: server-sent events, each block in pieces. */
export async function streamReply(
  response: ServerResponse,
  reply: Message,
  model: string,
): Promise<void> {
  const { blocks, thinkMs = 150, pieceMs = 20 } = reply;
  const send = async (type: string, data: object, waitMs = 0): Promise<void> => {
    if (response.destroyed) return;
    const more = response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    if (!more) await Promise.race([once(response, "drain"), once(response, "close")]);
    if (waitMs > 0) await new Promise((resolve) => globalThis.setTimeout(resolve, waitMs));
  };
  response.writeHead(200, { "content-type": "text/event-stream", "request-id": id("req") });
  await send("message_start", startOf(model), thinkMs);
  for (const [index, block] of blocks.entries()) {
    await send("content_block_start", { index, content_block: opening(block) });
    for (const delta of deltas(block)) {
      await send("content_block_delta", { index, delta }, pieceMs);
    }
    await send("content_block_stop", { index });
  }
  const stop_reason = blocks.some(({ type }) => type === "tool") ? "tool_use" : "end_turn";
  const usage = { output_tokens: tokens(blocks) };
  await send("message_delta", { delta: { stop_reason, stop_sequence: null }, usage });
  await send("message_stop", {});
  response.end();
}

function startOf(model: string): { readonly message: object } {
  const usage = {
    input_tokens: 12,
    cache_creation_input_tokens: 340,
    cache_read_input_tokens: 14_200,
    output_tokens: 1,
    service_tier: "standard",
  };
  const empty = { content: [], stop_reason: null, stop_sequence: null };
  return { message: { id: id("msg"), type: "message", role: "assistant", model, ...empty, usage } };
}

function opening(block: ReplyBlock): object {
  if (block.type === "thinking") return { type: "thinking", thinking: "", signature: "" };
  if (block.type === "text") return { type: "text", text: "" };
  return { type: "tool_use", id: id("toolu"), name: block.name, input: {} };
}

function deltas(block: ReplyBlock): object[] {
  if (block.type === "text") {
    return pieces(block.text).map((text) => ({ type: "text_delta", text }));
  }
  if (block.type === "thinking") {
    const thoughts = pieces(block.text).map((thinking) => ({ type: "thinking_delta", thinking }));
    const signature = randomBytes(96).toString("base64");
    return [...thoughts, { type: "signature_delta", signature }];
  }
  return pieces(JSON.stringify(block.input)).map((partial_json) => ({
    type: "input_json_delta",
    partial_json,
  }));
}

/** By code points, so that no piece ends inside a surrogate pair. */
function pieces(text: string): string[] {
  const points = Array.from(text);
  const size = Math.max(24, Math.ceil(points.length / 12));
  const count = Math.ceil(points.length / size);
  return Array.from({ length: count }, (_, at) =>
    points.slice(at * size, (at + 1) * size).join(""),
  );
}

/** A rough count, so that the totals of a session look like some. */
function tokens(blocks: readonly ReplyBlock[]): number {
  return Math.ceil(JSON.stringify(blocks).length / 4);
}

function id(prefix: string): string {
  return `${prefix}_01${randomBytes(11).toString("hex")}`;
}
