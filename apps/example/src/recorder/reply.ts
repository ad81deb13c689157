/** What the stand-in of the Messages API answers to one request. */
export type Reply =
  | {
      readonly kind: "message";
      readonly blocks: readonly ReplyBlock[];
      /** Before the first block, ms. Default 150. */
      readonly thinkMs?: number;
      /** Between two pieces of a block, ms. Default 20. */
      readonly pieceMs?: number;
    }
  | {
      readonly kind: "error";
      readonly status: number;
      /** The API's word, e.g. `overloaded_error`. */
      readonly type: string;
      readonly message: string;
    };

export type ReplyBlock =
  | { readonly type: "thinking"; readonly text: string }
  | { readonly type: "text"; readonly text: string }
  | {
      readonly type: "tool";
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
    };
