import { type Check, passed, warned } from "../checks/check.ts";

const code = "claude_k8s_credentials";

/** Ways in which `claude` is told how to log in, by the variables that are needed for each. */
const ways: readonly { readonly name: string; readonly any: readonly string[] }[] = [
  { name: "Anthropic", any: ["ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN"] },
  { name: "a Claude subscription", any: ["CLAUDE_CODE_OAUTH_TOKEN"] },
  {
    name: "Amazon Bedrock",
    any: ["AWS_BEARER_TOKEN_BEDROCK", "AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN"],
  },
  { name: "Google Vertex AI", any: ["GOOGLE_APPLICATION_CREDENTIALS"] },
  { name: "Microsoft Foundry", any: ["ANTHROPIC_FOUNDRY_API_KEY"] },
];

/** Providers whose login may come from the pod's surroundings instead of a variable. */
const byPlace: readonly string[] = [
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_VERTEX",
  "CLAUDE_CODE_USE_FOUNDRY",
];

/**
 * Whether the program is given a login of its model's provider, by the names of its variables. Values are not
 * looked at: only the provider knows what they are worth.
 */
export function credentialsCheck(
  variables: ReadonlySet<string>,
  { hasVolume, serviceAccount }: { hasVolume: boolean; serviceAccount: string | undefined },
): Check {
  const found = ways.find(({ any }) => any.some((name) => variables.has(name)));
  if (found !== undefined) return passed(code, `The program is given a login of ${found.name}.`);
  const place = byPlace.find((name) => variables.has(name));
  if (place !== undefined) {
    const whose = serviceAccount ?? "default";
    return warned(
      code,
      `${place} is set, and no variable with a login: it has to come from the node or a token of the service account ${whose}, which is not mounted.`,
      "Set the provider's key in env, bound to a secret of the host.",
    );
  }
  return warned(
    code,
    hasVolume
      ? "The program is given no login of a provider; it can only have one in its home on the workspace volume."
      : "The program is given no login of a provider, and its home is empty in every run.",
    "Set ANTHROPIC_API_KEY (or CLAUDE_CODE_OAUTH_TOKEN) in env, bound to a secret of the host.",
  );
}
