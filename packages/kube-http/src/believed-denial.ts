import type { IncomingMessage } from "node:http";
import { sleep } from "./clock.ts";
import { KubeHttpError } from "./errors.ts";
import { retryWaitMs } from "./retry.ts";
import { prepare, sendOnce, type Prepared, type Transport } from "./transport.ts";

const readiness: Prepared = prepare(
  { method: "GET", path: "/readyz", query: undefined, body: undefined, contentType: undefined },
  "*/*",
  "shared",
);

/**
 * Sends a request; a 403 is believed only from an API server that is ready.
 *
 * One that has just started refuses everybody whose rights come from RBAC until its caches are filled,
 * and says so in the words of a missing right (seen on Kubernetes 1.35: 403 for 70 ms, to `/readyz` as
 * well, then 500 there and 200 for everything else). A refused request has carried nothing out, so a
 * write may be sent again too.
 *
 * @throws KubeHttpError when there is no answer, or the signal's reason
 */
export async function send(
  transport: Transport,
  prepared: Prepared,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const response = await sendOnce(transport, prepared, signal);
  if (response.statusCode !== 403 || transport.settings.retryBudgetMs === 0) return response;
  response.resume();
  await untilReady(transport, signal);
  return sendOnce(transport, prepared, signal);
}

/** Waits until the server calls itself ready, at most for the retry budget. */
async function untilReady(transport: Transport, signal: AbortSignal): Promise<void> {
  const { clock, retryBudgetMs } = transport.settings;
  const deadline = clock.now() + retryBudgetMs;
  for (let attempt = 0; !(await isReady(transport, signal)); attempt++) {
    const waitMs = Math.max(20, retryWaitMs(attempt, undefined, Math.random()));
    if (clock.now() + waitMs >= deadline) return;
    await sleep(clock, waitMs, signal);
  }
}

/** A 404 is of a server that knows no `/readyz`: nothing is to be had from asking it again. */
async function isReady(transport: Transport, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await sendOnce(transport, readiness, signal);
    response.resume();
    return response.statusCode === 200 || response.statusCode === 404;
  } catch (error) {
    signal.throwIfAborted();
    if (KubeHttpError.isInstance(error) && error.code === "KUBE_UNREACHABLE") return false;
    throw error;
  }
}
