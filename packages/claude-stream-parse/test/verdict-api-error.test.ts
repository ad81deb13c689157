import { expect, test } from "vitest";
import { verdict } from "../src/index.ts";
import type { Retry, VerdictKind } from "../src/index.ts";
import { summaryOfEvents } from "./support/read.ts";
import { failed, init, ofType } from "./support/results.ts";

test.each<[what: string, events: object[], kind: VerdictKind, retry: Retry]>([
  [
    "a missing login",
    failed("Not logged in · Please run /login", {}, "authentication_failed"),
    "auth",
    "fix",
  ],
  [
    "a status that contradicts the CLI's word",
    failed("API Error: 401 x", { api_error_status: 401 }, "invalid_request"),
    "auth",
    "fix",
  ],
  ["an old refused key", failed("Invalid API key · Fix external API key"), "auth", "fix"],
  [
    "no credit, with a coarse status",
    failed(
      "Credit balance is too low",
      { api_error_status: 400, api_error_type: "invalid_request_error" },
      "billing_error",
    ),
    "billing",
    "fix",
  ],
  [
    "402",
    failed("API Error: 402 x", { api_error_type: "billing_error" }, "unknown"),
    "billing",
    "fix",
  ],
  [
    "429",
    failed("API Error: Request rejected (429)", { api_error_status: 429 }, "rate_limit"),
    "rate_limit",
    "later",
  ],
  ["an old 429", failed(ofType(429, "rate_limit_error"), {}, "unknown"), "rate_limit", "later"],
  [
    "the subscription's limit",
    failed(
      "You've hit your limit",
      { api_error: "usage_limit_reached", api_error_status: 429 },
      "rate_limit",
    ),
    "usage_limit",
    "later",
  ],
  [
    "an old limit",
    failed("Spending cap reached resets 5pm", {}, "rate_limit"),
    "usage_limit",
    "later",
  ],
  ["the oldest limit", failed("Claude AI usage limit reached|1767225600"), "usage_limit", "later"],
  [
    "529 called server_error",
    failed(
      "API Error: Repeated 529 Overloaded errors.",
      { api_error_status: null },
      "server_error",
    ),
    "overloaded",
    "later",
  ],
  ["an old 529", failed(ofType(529, "overloaded_error"), {}, "unknown"), "overloaded", "later"],
  [
    "500",
    failed(
      "API Error: 500 Internal server error",
      { api_error_status: 500, api_error_type: "api_error" },
      "server_error",
    ),
    "server_error",
    "later",
  ],
  [
    "a broken answer",
    failed("API returned an empty or malformed response", {}, "unknown"),
    "server_error",
    "later",
  ],
  ["words nobody knows", failed("Something new", {}, "brand_new"), "server_error", "later"],
  [
    "a cut connection",
    failed("API Error: Connection dropped", { api_error: "connection_failed" }, "server_error"),
    "network",
    "later",
  ],
  ["a time-out", failed("Request timed out.", {}, "server_error"), "network", "later"],
  [
    "an old connection error",
    failed("API Error: Connection error.", {}, "unknown"),
    "network",
    "later",
  ],
  [
    "400",
    failed("API Error: 400 messages.3: Field required", { api_error_status: 400 }, "unknown"),
    "invalid_request",
    "fix",
  ],
  [
    "an old 400 whose text mentions billing",
    failed(ofType(400, "invalid_request_error").replace("The words.", "max_tokens: too large")),
    "invalid_request",
    "fix",
  ],
  [
    "an error after another turn's error",
    [
      ...failed("Not logged in", {}, "authentication_failed"),
      init,
      ...failed("API Error: Connection error.").slice(2),
    ],
    "network",
    "later",
  ],
  ["an old 413", failed("Request too large (max 32MB)."), "invalid_request", "fix"],
  [
    "413",
    failed(
      "Request too large",
      { api_error_status: 413, api_error_type: "request_too_large" },
      "invalid_request",
    ),
    "invalid_request",
    "fix",
  ],
  [
    "an unknown model",
    failed(
      "There's an issue with the selected model (x).",
      { api_error_status: 404 },
      "model_not_found",
    ),
    "model_not_found",
    "fix",
  ],
  ["an old 404", failed(ofType(404, "not_found_error"), {}, "unknown"), "model_not_found", "fix"],
  [
    "the output limit",
    failed("exceeded", { api_error: "max_output_tokens" }, "max_output_tokens"),
    "max_output_tokens",
    "no",
  ],
  [
    "the old output limit",
    failed("API Error: Claude's response exceeded the 32000 output token maximum."),
    "max_output_tokens",
    "no",
  ],
])("%s", (_what, events, kind, retry) => {
  const said = verdict(summaryOfEvents(...events));
  expect(said).toMatchObject({ kind, retry, ok: kind === "success" || kind === "success_local" });
  expect(said.message).not.toMatch(/\{"|\n/);
  expect(said.evidence.length).toBeGreaterThan(0);
});
