import type {
  AdapterEnvironmentTestContext,
  AdapterEnvironmentTestResult,
} from "@paperclipai/adapter-utils";
import { type KubeHttp, realClock } from "@claude-k8s/kube-http";
import { cheapChecks } from "../checks/cheap-checks.ts";
import { connectionFault } from "../checks/check-api.ts";
import { type Check, failed, warned } from "../checks/check.ts";
import { needOf } from "../checks/settings-need.ts";
import { adapterType } from "../cluster/marks.ts";
import { parseSettings } from "../settings/settings.ts";

/** The whole test ends within this time, whatever the cluster does. */
const limitMs = 20_000;

/** How the test reaches a cluster. */
export interface TestedCluster {
  readonly http: KubeHttp;
  readonly defaultNamespace: string;
}

/**
 * Looks for what would stop a run, before one is started: settings, API server, namespace and each right,
 * every one with what to do about it.
 * @param connect opens the cluster that the settings name; its failure is a finding
 */
export async function testEnvironment(
  { config }: Pick<AdapterEnvironmentTestContext, "config">,
  connect: (kubeconfig: string | undefined) => Promise<TestedCluster>,
): Promise<AdapterEnvironmentTestResult> {
  const limit = new AbortController();
  const disarm = realClock.after(limitMs, () => limit.abort(new Error("the test's time is up")));
  try {
    const { settings, problems, warnings } = parseSettings(config);
    const checks: Check[] = [
      ...problems.map((message) => failed("claude_k8s_setting", message, "Change this setting.")),
      ...warnings.map((message) => warned("claude_k8s_setting", message)),
    ];
    try {
      const { http, defaultNamespace } = await connect(settings.kubeconfig);
      const namespace = settings.namespace ?? defaultNamespace;
      checks.push(...(await cheapChecks({ http, namespace }, needOf(settings), limit.signal)));
    } catch (error) {
      checks.push(connectionFault(error));
    }
    return result(checks);
  } finally {
    disarm();
  }
}

function result(checks: readonly Check[]): AdapterEnvironmentTestResult {
  const has = (level: string): boolean => checks.some((check) => check.level === level);
  const status = has("error") ? "fail" : has("warn") ? "warn" : "pass";
  return { adapterType, status, checks: [...checks], testedAt: new Date().toISOString() };
}
