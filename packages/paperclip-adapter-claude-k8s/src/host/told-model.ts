import type { Settings } from "../settings/types.ts";
import { bedrock, type BillingFacts, cloudOf } from "./billing.ts";

/** The settings with the model that `claude` is told. */
export interface ToldModel {
  readonly settings: Settings;
  readonly notes: readonly string[];
}

/**
 * Bedrock does not know Anthropic's own names, such as `claude-opus-5`: with one of those a run would fail, so
 * `claude` takes the model that it is configured for, as with the host's local adapter. Aliases such as `opus`
 * are `claude`'s own and good everywhere.
 */
export function toldModel(
  settings: Settings,
  facts: Pick<BillingFacts, "env" | "references">,
): ToldModel {
  const { model } = settings;
  if (model === undefined || !model.startsWith("claude-") || cloudOf(facts) !== bedrock)
    return { settings, notes: [] };
  const note = `The model ${model} is Anthropic's own name, which Bedrock does not know: --model was left out`;
  return { settings: { ...settings, model: undefined }, notes: [note] };
}
