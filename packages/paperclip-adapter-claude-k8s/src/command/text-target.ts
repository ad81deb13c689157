import type { Writable } from "node:stream";

/** Where text goes. */
export interface TextTarget {
  readonly isTTY: boolean;
  /** Of the terminal; `undefined` where there is none. */
  readonly columns: number | undefined;
  /** Ends when the reader has taken it, so that a slow one holds up what writes. Never throws. */
  write(text: string): Promise<void>;
}

/** Why a command ends early: the reason of its signal. */
export type EndReason =
  | { readonly kind: "signal"; readonly name: "SIGINT" | "SIGTERM" }
  | { readonly kind: "closed"; readonly why: string };

/** @param onClosed told once, when nobody reads any more */
export function textTarget(
  stream: Writable & { readonly isTTY?: boolean; readonly columns?: number },
  onClosed: (reason: EndReason) => void,
): TextTarget {
  let isClosed = false;
  stream.on("error", (error: Error) => {
    if (isClosed) return;
    isClosed = true;
    onClosed({ kind: "closed", why: error.message });
  });
  return {
    isTTY: stream.isTTY === true,
    // Some pseudo-terminals say 0.
    columns: stream.isTTY === true ? stream.columns || undefined : undefined,
    write: (text) =>
      new Promise((resolve) => {
        if (isClosed || text === "") resolve();
        else stream.write(text, () => resolve());
      }),
  };
}
