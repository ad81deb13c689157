import type { IncomingMessage } from "node:http";
import type { Call } from "./call.ts";
import type { Clock } from "./clock.ts";
import { unreachable } from "./exchange.ts";

/**
 * The bytes of an answer as they come, once. Ends the call with the body, however it ends.
 * @throws KubeHttpError `KUBE_UNREACHABLE` on a cut or on silence, or the signal's reason
 */
export async function* streamBody(
  response: IncomingMessage,
  call: Call,
  subject: string,
  idle: { readonly clock: Clock; readonly ms: number | undefined },
): AsyncGenerator<Uint8Array, void, undefined> {
  let silent = false;
  // Armed only while waiting: a slow consumer is not a silent server.
  const arm = (): (() => void) =>
    idle.ms === undefined
      ? () => {}
      : idle.clock.after(idle.ms, () => {
          silent = true;
          response.destroy();
        });
  let disarm = arm();
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      disarm();
      // Bytes that were read before the abort are not delivered after it.
      call.signal.throwIfAborted();
      yield chunk;
      call.signal.throwIfAborted();
      disarm = arm();
    }
    if (!response.complete) throw new Error("aborted");
  } catch (cause) {
    call.signal.throwIfAborted();
    const why = silent ? `no byte for ${idle.ms} ms` : "the connection was cut";
    throw unreachable(subject, why, cause);
  } finally {
    disarm();
    response.destroy();
    call.end();
  }
}

/**
 * The whole body as text; with `maxBytes`, its beginning.
 * @throws KubeHttpError `KUBE_UNREACHABLE`, or the signal's reason
 */
export async function wholeBody(
  response: IncomingMessage,
  signal: AbortSignal,
  { subject, maxBytes = Infinity }: { readonly subject: string; readonly maxBytes?: number },
): Promise<string> {
  signal.throwIfAborted();
  const onAbort = (): void => void response.destroy();
  signal.addEventListener("abort", onAbort, { once: true });
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= maxBytes) break;
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw unreachable(subject, "the answer was cut", cause);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
  return Buffer.concat(chunks).toString("utf8");
}
