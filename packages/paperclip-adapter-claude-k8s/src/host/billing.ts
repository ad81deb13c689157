import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";

/** What tells who bills a run: the pod's own words and what its environment holds. */
export interface BillingFacts {
  /** The program's environment, secrets included. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables whose values only the kubelet knows. */
  readonly references: readonly string[];
  /** Where `claude` says its key is from; `none`: a subscription's login. */
  readonly apiKeySource: string | undefined;
  /** Limits of a subscription were reported, which no key has. */
  readonly hasSubscriptionLimits: boolean;
}

export type Billing = Pick<AdapterExecutionResult, "biller" | "billingType">;

export const bedrock = "aws_bedrock";

/** `claude` uses the first of these that is switched on. */
const clouds = [
  ["CLAUDE_CODE_USE_BEDROCK", bedrock],
  ["CLAUDE_CODE_USE_VERTEX", "google_vertex"],
  ["CLAUDE_CODE_USE_FOUNDRY", "microsoft_foundry"],
] as const;

/** Whose cloud serves the model, when it is not Anthropic's own. */
export function cloudOf({
  env,
  references,
}: Pick<BillingFacts, "env" | "references">): string | undefined {
  const isOn = (name: string): boolean =>
    references.includes(name) || /^(1|true|yes|on)$/i.test(env[name] ?? "");
  const cloud = clouds.find(([name]) => isOn(name))?.[1];
  const hasBedrock =
    references.includes("ANTHROPIC_BEDROCK_BASE_URL") ||
    (env["ANTHROPIC_BEDROCK_BASE_URL"] ?? "") !== "";
  return cloud ?? (hasBedrock ? bedrock : undefined);
}

/**
 * Who bills the run, and how. What the pod says goes before what it was given, and what nobody knows is
 * `unknown`: a subscription's runs cost nothing, so that is not guessed.
 */
export function billing(facts: BillingFacts): Billing {
  const { env, references, apiKeySource, hasSubscriptionLimits } = facts;
  const has = (name: string): boolean => references.includes(name) || (env[name] ?? "") !== "";
  const cloud = cloudOf(facts);
  if (cloud !== undefined) return { biller: cloud, billingType: "metered_api" };
  const anthropic = (billingType: NonNullable<Billing["billingType"]>): Billing => ({
    biller: "anthropic",
    billingType,
  });
  if (hasSubscriptionLimits) return anthropic("subscription");
  // A gateway's token is no key, and `claude` says of it what it says of a login.
  if (has("ANTHROPIC_AUTH_TOKEN")) return anthropic("api");
  if (apiKeySource === "none") return anthropic("subscription");
  if (apiKeySource !== undefined || has("ANTHROPIC_API_KEY")) return anthropic("api");
  return anthropic(has("CLAUDE_CODE_OAUTH_TOKEN") ? "subscription" : "unknown");
}
