import { readFileSync } from "node:fs";
import { KubeConfig } from "@kubernetes/client-node";
import { ExampleError } from "../errors.ts";

/**
 * Reads the files that `$KUBECONFIG` names (several, joined, as kubectl does).
 * @throws ExampleError `EXAMPLE_NO_CLUSTER`
 */
export function kubeConfigOfEnvironment(): KubeConfig {
  const where = `$KUBECONFIG (${process.env["KUBECONFIG"] ?? ""})`;
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExampleError("EXAMPLE_NO_CLUSTER", `${where} cannot be read: ${why}`, { cause });
  }
  if (config.getCurrentCluster() === null)
    throw new ExampleError("EXAMPLE_NO_CLUSTER", `${where} names no current cluster`);
  return config;
}

export function kubeConfigOf(text: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}

/** What can be replaced when a kubeconfig is written anew. */
export interface Changes {
  /** Another address of the API server. */
  readonly server?: string;
  /** Allows an address without TLS, which client-node sends no credentials to otherwise. */
  readonly isPlain?: boolean;
  /** An HTTP proxy to go through; the server's name and certificate stay what they are. */
  readonly proxyUrl?: string;
  /** Bearer token to use in the place of the user's credentials. */
  readonly token?: string;
}

/** The current context alone, with what its files hold written out, so that it can be passed on as text. */
export function standalone(config: KubeConfig, changes: Changes = {}): string {
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new ExampleError("EXAMPLE_NO_CLUSTER", "no current cluster");
  const namespace = config.getContextObject(config.getCurrentContext())?.namespace;
  // JSON is YAML. Members that are undefined are left out.
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "here",
    contexts: [{ name: "here", context: { cluster: "here", user: "here", namespace } }],
    clusters: [
      {
        name: "here",
        cluster: {
          server: changes.server ?? cluster.server,
          "certificate-authority-data": cluster.caData ?? base64Of(cluster.caFile),
          "insecure-skip-tls-verify": changes.isPlain || cluster.skipTLSVerify || undefined,
          "tls-server-name": cluster.tlsServerName,
          "proxy-url": changes.proxyUrl ?? cluster.proxyUrl,
        },
      },
    ],
    users: [{ name: "here", user: userOf(config, changes.token) }],
  });
}

function userOf(config: KubeConfig, token: string | undefined): Record<string, unknown> {
  if (token !== undefined) return { token };
  const user = config.getCurrentUser();
  return {
    "client-certificate-data": user?.certData ?? base64Of(user?.certFile),
    "client-key-data": user?.keyData ?? base64Of(user?.keyFile),
    token: user?.token,
    username: user?.username,
    password: user?.password,
    exec: user?.exec as unknown,
    "auth-provider": user?.authProvider as unknown,
  };
}

function base64Of(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file).toString("base64");
}
