/** Holds the agent's settings, as JSON. */
export const agentConfigVariable = "EXAMPLE_AGENT_CONFIG";

/** Where the program of the server pod lies in the image. */
export const serverPodProgram = "/usr/local/share/server-pod/server.mjs";

/** What the program of the server pod says at its end. */
export interface ServerPodReport {
  readonly errorMessage: string | null;
  readonly summary: string | null;
  /** The adapter's own words. */
  readonly said: readonly string[];
  /** What its test of the environment found before the run, each as `level code: message`. */
  readonly environment: { readonly status: string; readonly findings: readonly string[] };
}
