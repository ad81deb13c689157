import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { buildEnvironment } from "../prompt/environment.ts";
import { workingDir } from "../run/pod-shape.ts";
import type { RunEvidence } from "../run/model.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import type { BillingFacts } from "./billing.ts";
import { envReferences } from "./env-references.ts";

/**
 * What is known of the login that the pod uses. Of a Job that an earlier run made, its environment is what the
 * same settings make today.
 */
export function billingFacts(
  host: AdapterExecutionContext,
  settings: Settings,
  self: SelfPodInfo | undefined,
  { given, transcript }: RunEvidence,
): BillingFacts {
  const said = {
    apiKeySource: transcript.apiKeySource,
    hasSubscriptionLimits: transcript.summary.rateLimit !== undefined,
  };
  if (given !== undefined)
    return {
      env: { ...given.env, ...given.secretEnv },
      references: given.envReferences.map(({ name }) => name),
      ...said,
    };
  const handsOn = settings.inheritEnv ? self : undefined;
  const { env, secretEnv } = buildEnvironment(host, settings.env, handsOn?.inheritedEnv ?? {}, {
    cwd: workingDir,
    agentHome: workingDir,
    paperclipUrl: settings.paperclipUrl,
  });
  const target = settings.namespace ?? handsOn?.namespace ?? "";
  const references =
    handsOn === undefined ? [] : envReferences(handsOn, target).references.map(({ name }) => name);
  return { env: { ...env, ...secretEnv }, references, ...said };
}
