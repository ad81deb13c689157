import type { JsonObject } from "./json.ts";

/** Tokens as the API counts them. Cache reads and writes are not part of `inputTokens`. */
export type TokenUsage = {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
};

/** One block of a message. `other` is a block type this version does not know; `raw` has it whole. */
export type ContentBlock =
  | { readonly type: "text"; readonly text: string; readonly raw: JsonObject }
  | { readonly type: "thinking"; readonly text: string; readonly raw: JsonObject }
  | {
      readonly type: "tool_use";
      readonly id: string | undefined;
      readonly name: string;
      /** Hostile data: whatever the model wrote, at any depth. */
      readonly input: unknown;
      readonly raw: JsonObject;
    }
  | {
      readonly type: "tool_result";
      readonly toolUseId: string | undefined;
      readonly isError: boolean;
      /** A string, or a list of blocks (images in base64 among them). */
      readonly content: unknown;
      readonly raw: JsonObject;
    }
  | { readonly type: "other"; readonly blockType: string; readonly raw: JsonObject };
