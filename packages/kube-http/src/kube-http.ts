import { agentPool } from "./agents.ts";
import { type Call, callRegister } from "./call.ts";
import { credentialStore } from "./credentials.ts";
import { openStream } from "./open-stream.ts";
import { settingsFrom } from "./options.ts";
import { requestWithRetries } from "./request.ts";
import { tokenBucket } from "./token-bucket.ts";
import type { Transport } from "./transport.ts";
import { takeTurns } from "./turns.ts";
import type { KubeConfigLike, KubeHttp, KubeHttpOptions } from "./types.ts";

/**
 * Requests and streams to the API server that `config` names, over HTTP/1.1. Nothing is connected
 * until the first call.
 *
 * @param config client-node's `KubeConfig`, or a factory, which is called at first use and again
 *   after a 401: client-node keeps the token of an exec plugin for as long as the object lives
 * @throws TypeError for an option that makes no sense
 */
export function kubeHttp(
  config: KubeConfigLike | (() => KubeConfigLike),
  options: KubeHttpOptions = {},
): KubeHttp {
  const settings = settingsFrom(options);
  const calls = callRegister();
  const credentials = credentialStore(config);
  const { requestsAtOnce, requestTimeoutMs: silentMs, clock } = settings;
  const takeTurn = takeTurns(requestsAtOnce, { clock, silentMs });
  const transport: Transport = { agents: agentPool(), credentials, settings, takeTurn };
  const mayOpen = tokenBucket(settings.openPerSecond, clock);
  return {
    async request(request) {
      const call = calls.begin(request.signal);
      try {
        return await requestWithRetries(transport, request, call.signal);
      } finally {
        call.end();
      }
    },
    async open(request) {
      const call = calls.begin(request.signal);
      return endOnFailure(call, async () => {
        await mayOpen(call.signal);
        return openStream(transport, request, call);
      });
    },
    close() {
      calls.close();
      transport.agents.destroy();
    },
  };
}

/** An open stream ends its call itself. */
async function endOnFailure<T>(call: Call, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    call.end();
    throw error;
  }
}
