import { judgeAnswer } from "./answer.ts";
import { send } from "./believed-denial.ts";
import { wholeBody } from "./body.ts";
import { within } from "./call.ts";
import { sleep } from "./clock.ts";
import { KubeHttpError } from "./errors.ts";
import { unreachable } from "./exchange.ts";
import { mayRetry, parseRetryAfter, retryWaitMs } from "./retry.ts";
import { prepare, type Prepared, timeLimit, type Transport } from "./transport.ts";
import type { KubeAnswer, KubeRequest } from "./types.ts";

/**
 * One request with its retries.
 * @throws KubeHttpError, or the signal's reason
 */
export async function requestWithRetries<T>(
  transport: Transport,
  request: KubeRequest,
  signal: AbortSignal,
): Promise<KubeAnswer<T>> {
  const { method, path, query, body, contentType } = request;
  const repeatable = request.repeatable ?? method === "GET";
  // The server may close a kept-alive socket just as a request leaves on it. A read is then sent
  // again; a write that may not be repeated gets a socket of its own.
  const sharing = repeatable ? "shared" : "own";
  const accept = "application/json";
  const prepared = prepare({ method, path, query, body, contentType }, accept, sharing);

  const { urgent = false } = request;
  const late = (): KubeHttpError => notSent(transport, prepared);
  const { clock, retryBudgetMs, onRetry } = transport.settings;
  let deadline = clock.now() + retryBudgetMs;
  for (let attempt = 0; ; attempt++) {
    const asked = clock.now();
    const turn = await transport.takeTurn({ urgent, signal, late });
    deadline += clock.now() - asked;
    try {
      const answer = await attemptOnce<T>(transport, prepared, signal);
      turn.end(true);
      return answer;
    } catch (error) {
      turn.end(KubeHttpError.isInstance(error) && error.status !== undefined);
      signal.throwIfAborted();
      if (!KubeHttpError.isInstance(error) || !mayRetry(error, repeatable)) throw error;
      const waitMs = retryWaitMs(attempt, error.retryAfterMs, Math.random());
      if (clock.now() + waitMs >= deadline) throw error;
      onRetry({ method, path, attempt: attempt + 1, error, waitMs });
      await sleep(clock, waitMs, signal);
    }
  }
}

function notSent({ settings }: Transport, { subject }: Prepared): KubeHttpError {
  const ms = settings.requestTimeoutMs;
  return unreachable(subject, `not sent, for nothing before it was answered within ${ms} ms`);
}

/** The time limit is the attempt's, whatever it is spent on: credentials, connecting, headers or body. */
function attemptOnce<T>(
  transport: Transport,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<KubeAnswer<T>> {
  return within(signal, timeLimit(transport, prepared), async (limited) => {
    const response = await send(transport, prepared, limited);
    const text = await wholeBody(response, limited, prepared);
    const retryAfterMs = parseRetryAfter(response.headers["retry-after"]);
    return judgeAnswer<T>({ status: response.statusCode ?? 0, text, retryAfterMs }, prepared.words);
  });
}
