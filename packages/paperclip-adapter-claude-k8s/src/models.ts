import type { AdapterModel } from "@paperclipai/adapter-utils";

type Variables = Readonly<Record<string, string | undefined>>;

/** Claude Code's own names; each is the provider's newest of its kind, whichever provider that is. */
const aliases: readonly AdapterModel[] = [
  { id: "opus", label: "Opus (newest)" },
  { id: "sonnet", label: "Sonnet (newest)" },
  { id: "haiku", label: "Haiku (newest)" },
];

const direct: readonly AdapterModel[] = [
  { id: "claude-opus-5", label: "Claude Opus 5" },
  { id: "claude-sonnet-5", label: "Claude Sonnet 5" },
  { id: "claude-opus-4-8", label: "Claude Opus 4.8" },
  { id: "claude-opus-4-7", label: "Claude Opus 4.7" },
  { id: "claude-opus-4-6", label: "Claude Opus 4.6" },
  { id: "claude-sonnet-4-6", label: "Claude Sonnet 4.6" },
  { id: "claude-sonnet-4-5", label: "Claude Sonnet 4.5" },
  { id: "claude-haiku-4-5", label: "Claude Haiku 4.5" },
];

/** Bedrock wants identifiers with a region. */
const bedrock: readonly AdapterModel[] = [
  { id: "us.anthropic.claude-opus-4-8-v1", label: "Bedrock Opus 4.8" },
  { id: "us.anthropic.claude-opus-4-6-v1", label: "Bedrock Opus 4.6" },
  { id: "us.anthropic.claude-sonnet-4-5-20250929-v2:0", label: "Bedrock Sonnet 4.5" },
  { id: "us.anthropic.claude-haiku-4-5-20251001-v1:0", label: "Bedrock Haiku 4.5" },
];

/**
 * Models to choose from, by the provider that the server's own variables name, which its runs take over. The
 * setting takes any other text too. Vertex AI has names of its own for each project: only the aliases are sure.
 */
export function modelsFor(variables: Variables): AdapterModel[] {
  if (isOn(variables["CLAUDE_CODE_USE_BEDROCK"]) || variables["ANTHROPIC_BEDROCK_BASE_URL"])
    return [...aliases, ...bedrock];
  if (isOn(variables["CLAUDE_CODE_USE_VERTEX"])) return [...aliases];
  return [...aliases, ...direct];
}

/** The model that runs without a setting take, where the server's variables say it. */
export function detectedModel(
  variables: Variables,
): { model: string; provider: string; source: string } | null {
  const model = variables["ANTHROPIC_MODEL"]?.trim();
  if (model === undefined || model === "") return null;
  const provider = isOn(variables["CLAUDE_CODE_USE_BEDROCK"]) ? "aws_bedrock" : "anthropic";
  return { model, provider, source: "ANTHROPIC_MODEL of the server" };
}

function isOn(value: string | undefined): boolean {
  return value === "1" || value === "true";
}
