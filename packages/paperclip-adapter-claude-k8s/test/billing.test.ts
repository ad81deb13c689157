import { expect, test } from "vitest";
import { billing, type BillingFacts } from "../src/host/billing.ts";

const nothing: BillingFacts = {
  env: {},
  references: [],
  apiKeySource: undefined,
  hasSubscriptionLimits: false,
};

test.each<[what: string, facts: Partial<BillingFacts>, biller: string, billingType: string]>([
  ["nothing is known", {}, "anthropic", "unknown"],
  ["a key is in its environment", { env: { ANTHROPIC_API_KEY: "k" } }, "anthropic", "api"],
  [
    "its key is one that only the kubelet knows",
    { references: ["ANTHROPIC_API_KEY"] },
    "anthropic",
    "api",
  ],
  ["it says that it has a key", { apiKeySource: "ANTHROPIC_API_KEY" }, "anthropic", "api"],
  [
    "it has a subscription's token",
    { env: { CLAUDE_CODE_OAUTH_TOKEN: "t" } },
    "anthropic",
    "subscription",
  ],
  ["it says that it has no key", { apiKeySource: "none" }, "anthropic", "subscription"],
  [
    "it says so although a key was given",
    { env: { ANTHROPIC_API_KEY: "k" }, apiKeySource: "none" },
    "anthropic",
    "subscription",
  ],
  [
    "a subscription's limits were reported",
    { env: { ANTHROPIC_API_KEY: "k" }, hasSubscriptionLimits: true },
    "anthropic",
    "subscription",
  ],
  [
    "a gateway's token is given",
    { env: { ANTHROPIC_AUTH_TOKEN: "t" }, apiKeySource: "none" },
    "anthropic",
    "api",
  ],
  [
    "it uses Bedrock",
    { env: { CLAUDE_CODE_USE_BEDROCK: "1" }, apiKeySource: "none" },
    "aws_bedrock",
    "metered_api",
  ],
  [
    "Bedrock is switched off",
    { env: { CLAUDE_CODE_USE_BEDROCK: "0", ANTHROPIC_API_KEY: "k" } },
    "anthropic",
    "api",
  ],
  [
    "it reaches Bedrock by a gateway",
    { env: { ANTHROPIC_BEDROCK_BASE_URL: "u" } },
    "aws_bedrock",
    "metered_api",
  ],
  ["it uses Vertex", { references: ["CLAUDE_CODE_USE_VERTEX"] }, "google_vertex", "metered_api"],
])("when %s", (_what, facts, biller, billingType) => {
  expect(billing({ ...nothing, ...facts })).toEqual({ biller, billingType });
});
