import type { AdapterExecutionContext, AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { nothingSeen } from "../run/observation.ts";
import { incomplete, type Outcome } from "../run/outcome.ts";
import { redaction } from "./redaction.ts";
import { hostResult } from "./result.ts";

/** What can be told before anything is asked of a cluster; `undefined` when the run may go on. */
export function refusal(
  host: Pick<AdapterExecutionContext, "agent" | "executionTarget">,
  problems: readonly string[],
): AdapterExecutionResult | undefined {
  const outcome = refusalOutcome(host, problems);
  if (outcome === undefined) return undefined;
  const evidence = nothingSeen({ kind: "fault", stage: "settings", error: outcome.errorMessage });
  const nothing = { askedModel: undefined, session: {}, billing: {}, warnings: [] };
  return hostResult({ evidence, outcome, redact: redaction(new Set()), ...nothing });
}

function refusalOutcome(
  { agent, executionTarget }: Pick<AdapterExecutionContext, "agent" | "executionTarget">,
  problems: readonly string[],
): Outcome | undefined {
  // Hashed it would make a valid label; but it tells nobody whose Job it is.
  if (!/[A-Za-z0-9]/.test(agent.id))
    return incomplete(
      `The agent's id ${JSON.stringify(agent.id)} has no letter or digit to label a Job with`,
      "k8s_agent_id_invalid",
    );
  if (executionTarget?.kind === "remote")
    return incomplete(
      "This agent's environment is a remote one; claude_k8s runs in Kubernetes and needs the local environment",
    );
  return problems.length === 0 ? undefined : incomplete(`Settings: ${problems.join("; ")}`);
}
