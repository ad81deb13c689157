import { createHash } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent, type RequestOptions } from "node:https";
import type { Destination } from "./credentials.ts";
import { KubeHttpError } from "./errors.ts";

type Pair = { readonly shared: HttpAgent; readonly own: HttpAgent };

/** `shared`: kept-alive sockets for short reads. `own`: one socket per request, closed after it. */
export type Sharing = "shared" | "own";

export interface AgentPool {
  agentFor(destination: Destination, sharing: Sharing): HttpAgent;
  destroy(): void;
}

/**
 * Sockets by TLS material, so that a rotated certificate takes effect: client-node's own agents are
 * kept by user name and would go on with the old one.
 */
export function agentPool(): AgentPool {
  const pairs = new Map<string, Pair>();
  return {
    agentFor({ server, options, proxied }, sharing) {
      // Only the client's own agent knows the proxy.
      if (proxied) return proxyAgent(options);
      const key = `${server.origin} ${tlsHash(options)}`;
      let pair = pairs.get(key);
      if (pair === undefined) {
        retire(pairs);
        pair = createPair(server.protocol);
        pairs.set(key, pair);
      }
      return pair[sharing];
    },
    destroy() {
      for (const { shared, own } of pairs.values()) {
        shared.destroy();
        own.destroy();
      }
      pairs.clear();
    },
  };
}

/** @throws KubeHttpError rather than going round the proxy */
function proxyAgent({ agent }: RequestOptions): HttpAgent {
  if (agent instanceof HttpAgent) return agent;
  throw new KubeHttpError(
    "KUBE_UNEXPECTED",
    "the cluster has a proxyUrl, but applyToHTTPSOptions set no agent for it",
  );
}

function createPair(protocol: string): Pair {
  const Agent = protocol === "http:" ? HttpAgent : HttpsAgent;
  return {
    // Idle sockets go before the usual 60 s of a load balancer. How many there are is decided before a
    // request comes here: one that waited for a socket would have its limits run out meanwhile.
    shared: new Agent({ keepAlive: true, timeout: 45_000 }),
    own: new Agent({ keepAlive: false }),
  };
}

/** Requests under way go on; their sockets are not kept afterwards. */
function retire(pairs: Map<string, Pair>): void {
  for (const { shared } of pairs.values()) {
    shared.maxFreeSockets = 0;
    for (const sockets of Object.values(shared.freeSockets))
      for (const socket of sockets ?? []) socket.destroy();
  }
  pairs.clear();
}

const tlsMembers = [
  "ca",
  "cert",
  "key",
  "pfx",
  "passphrase",
  "servername",
  "rejectUnauthorized",
] as const satisfies readonly (keyof RequestOptions)[];

function tlsHash(options: RequestOptions): string {
  const hash = createHash("sha256");
  for (const member of tlsMembers) {
    const value = options[member];
    for (const part of Array.isArray(value) ? value : [value])
      hash.update(`${member}=`).update(Buffer.isBuffer(part) ? part : (JSON.stringify(part) ?? ""));
  }
  return hash.digest("hex");
}
