import type { RequestOptions } from "node:https";
import { KubeHttpError } from "./errors.ts";
import type { KubeConfigLike } from "./types.ts";

/** The configuration in use, and how often it was renewed. */
export type Credentials = { readonly config: KubeConfigLike; readonly generation: number };

export interface CredentialStore {
  /** `subject`: the request that needs them, for the message. */
  current(subject: string): Credentials;
  /** After a 401 with `refused`; many requests that fail together renew once. */
  renew(refused: Credentials, subject: string): Credentials;
}

export function credentialStore(config: KubeConfigLike | (() => KubeConfigLike)): CredentialStore {
  let held: Credentials | undefined;
  const make = (generation: number, subject: string): Credentials => {
    try {
      held = { config: typeof config === "function" ? config() : config, generation };
    } catch (cause) {
      throw notMade(subject, cause);
    }
    return held;
  };
  return {
    current: (subject) => held ?? make(0, subject),
    renew: (refused, subject) =>
      held === undefined || held.generation === refused.generation
        ? make(refused.generation + 1, subject)
        : held,
  };
}

function notMade(subject: string, cause: unknown): KubeHttpError {
  const why = cause instanceof Error ? cause.message.slice(0, 300) : String(cause);
  const message = `${subject}: the credentials could not be made: ${why}`;
  return new KubeHttpError("KUBE_UNAUTHORIZED", message, { cause });
}

/** Where and how to connect: the server, the options with TLS material and credentials, and the proxy's agent if any. */
export type Destination = {
  readonly server: URL;
  readonly options: RequestOptions;
  readonly proxied: boolean;
};

/**
 * Asks the configuration for fresh credentials (a token file may have changed, an exec plugin's
 * token expired).
 * @throws KubeHttpError when there is no cluster or the credentials cannot be made
 */
export async function destinationOf(
  { config }: Credentials,
  {
    headers,
    subject,
    connectTimeoutMs,
  }: {
    readonly headers: Readonly<Record<string, string>>;
    readonly subject: string;
    readonly connectTimeoutMs: number;
  },
): Promise<Destination> {
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    throw new KubeHttpError("KUBE_UNEXPECTED", "the kubeconfig has no current cluster");
  if (!URL.canParse(cluster.server)) {
    const given = JSON.stringify(cluster.server);
    throw new KubeHttpError("KUBE_UNEXPECTED", `the cluster's server must be a URL, not ${given}`);
  }
  // The time limit reaches the agent that the client makes for a proxy, which gives CONNECT no other.
  const options: RequestOptions = { headers: { ...headers }, timeout: connectTimeoutMs };
  try {
    await config.applyToHTTPSOptions(options);
  } catch (cause) {
    throw notMade(subject, cause);
  }
  const { timeout: _, ...rest } = options;
  return {
    server: new URL(cluster.server),
    options: { ...rest, headers: trimmed(rest.headers) },
    proxied: cluster.proxyUrl !== undefined && cluster.proxyUrl !== "",
  };
}

/** A token file often ends in a newline, which no header may hold. */
function trimmed(headers: RequestOptions["headers"]): Record<string, string | string[]> {
  const clean: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === undefined) continue;
    clean[name] = Array.isArray(value) ? value : String(value).trim();
  }
  return clean;
}
