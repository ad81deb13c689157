import { createHash } from "node:crypto";

import type { ReplayContext } from "./context.ts";

/** Stdin to its end. Rejects with the reason of the signal when SIGTERM comes first. */
export async function readPrompt(context: ReplayContext): Promise<Uint8Array> {
  const { signal } = context;
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([readAll(context.stdin), stopped]);
  } finally {
    if (stop !== undefined) signal.removeEventListener("abort", stop);
  }
}

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Says on stderr what arrived, so that a test can hold it against what was sent. */
export function describePrompt(prompt: Uint8Array): string {
  const sha256 = createHash("sha256").update(prompt).digest("hex");
  return `claude-replay: prompt of ${prompt.byteLength} bytes, sha256 ${sha256}\n`;
}
