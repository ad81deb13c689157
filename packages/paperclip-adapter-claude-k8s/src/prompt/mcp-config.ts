import type { AdapterRuntimeMcpServer } from "@paperclipai/adapter-utils";
import { urlForPods } from "./pod-url.ts";

/** Where the program finds its MCP servers; in the run's Secret, for their tokens are in it. */
export const mcpConfigFile = "/claude-k8s/mcp.json";

/** What `--mcp-config` names. */
export interface McpConfig {
  /** The file's text; absent when there is no server to name. */
  readonly text?: string;
  readonly warnings: readonly string[];
}

/**
 * The host's MCP servers of one run, as Claude Code reads them: `{"mcpServers": {NAME: {type, url, headers}}}`.
 * One that a pod cannot reach is left out and named, for a run without some tools is better than none.
 */
export function mcpConfig(
  servers: readonly AdapterRuntimeMcpServer[],
  paperclipUrl: string | undefined,
): McpConfig {
  const reached = servers.flatMap((server) => {
    const url = urlForPods(server.url, paperclipUrl);
    return url === undefined ? [] : [{ ...server, url }];
  });
  const warnings = servers
    .filter(({ url }) => urlForPods(url, paperclipUrl) === undefined)
    .map(
      ({ name, url }) =>
        `the MCP server ${name} was left out: no pod can reach ${new URL(url).origin}; set paperclipUrl to an address that pods can`,
    );
  if (reached.length === 0) return { warnings };
  const named = new Map<string, AdapterRuntimeMcpServer>();
  for (const server of reached) named.set(freeName(server.name, named), server);
  const mcpServers = Object.fromEntries(
    [...named].map(([name, { url, token }]) => [
      name,
      { type: "http", url, headers: { Authorization: `Bearer ${token}` } },
    ]),
  );
  return { text: JSON.stringify({ mcpServers }), warnings };
}

/** Two connections may have one name; tools of both must stay apart. */
function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let count = 2; taken.has(free); count += 1) free = `${name}-${count}`;
  return free;
}
