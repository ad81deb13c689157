import type { Settings } from "../settings/types.ts";

/** What the arguments of one run depend on besides the settings. */
export interface ArgumentInput {
  /** Session to go on with; absent for a new one. */
  readonly resume: string | undefined;
  /** File in the pod whose text is added to the system prompt; only new sessions need it. */
  readonly instructionsFile: string | undefined;
  /** Folder in the pod that holds skills. */
  readonly addDir: string | undefined;
  /** File in the pod that names the MCP servers; the only ones then. */
  readonly mcpConfig?: string | undefined;
}

/** The arguments of `claude`: print mode, prompt from standard input, one JSON event a line. */
export function claudeArguments(settings: Settings, input: ArgumentInput): string[] {
  const { resume, instructionsFile, addDir, mcpConfig } = input;
  return [
    "--print",
    "-",
    "--output-format",
    "stream-json",
    "--verbose",
    ...option("--resume", resume),
    ...(settings.dangerouslySkipPermissions ? ["--dangerously-skip-permissions"] : []),
    ...option("--model", settings.model),
    ...option("--effort", settings.effort),
    ...option(
      "--max-turns",
      settings.maxTurnsPerRun === 0 ? undefined : `${settings.maxTurnsPerRun}`,
    ),
    ...option("--append-system-prompt-file", resume === undefined ? instructionsFile : undefined),
    ...option("--mcp-config", mcpConfig),
    ...(mcpConfig === undefined ? [] : ["--strict-mcp-config"]),
    ...option("--add-dir", addDir),
    ...settings.extraArgs,
  ];
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}
