import { cheapChecks } from "../checks/cheap-checks.ts";
import { type Check, failed, warned } from "../checks/check.ts";
import { checkVolume } from "../checks/check-volume.ts";
import { workspaceCheck } from "../checks/check-workspace.ts";
import type { QuotaNeed } from "../checks/quota-need.ts";
import { needOf } from "../checks/settings-need.ts";
import { JobManifestError } from "@claude-k8s/k8s-job-manifest";
import type { KubeHttp } from "@claude-k8s/kube-http";
import type { SelfPodInfo } from "../server/self-pod.ts";
import { inherit } from "../settings/inherit.ts";
import { type ParsedSettings, parseSettings } from "../settings/settings.ts";
import type { Settings } from "../settings/types.ts";
import { inheritedChecks } from "./inherited.ts";

/** How the test reaches a cluster. */
interface TestedCluster {
  readonly http: KubeHttp;
  readonly self: SelfPodInfo;
}

/** Opens the cluster that the settings name. */
export type Connect = (kubeconfig: string | undefined) => Promise<TestedCluster>;

/** What reading the configuration finds. */
export function settingsChecks({ problems, warnings }: ParsedSettings): readonly Check[] {
  return [
    ...problems.map((message) => failed("claude_k8s_setting", message, "Change this setting.")),
    ...warnings.map((message) => warned("claude_k8s_setting", message)),
  ];
}

/** What can be found without creating anything, and what the rest of the test goes on with. */
export interface CheapHalf {
  readonly checks: readonly Check[];
  /** With what is taken over from the server's pod. */
  readonly settings: Settings;
  readonly namespace: string;
  readonly cluster: TestedCluster;
}

/** @throws what `connect` throws, and the signal's reason */
export async function cheapHalf(
  config: Readonly<Record<string, unknown>>,
  connect: Connect,
  signal: AbortSignal,
): Promise<CheapHalf> {
  const { settings: asked } = parseSettings(config);
  const cluster = await connect(asked.kubeconfig);
  const { http, self } = cluster;
  const namespace = asked.namespace ?? self.namespace;
  const filled = inherit(asked, self);
  const { settings } = filled;
  const { workspaceVolumeClaim: claim, workspaceAccessMode: mode } = settings;
  const where = { http, namespace };
  const { need, wrong } = neededBy(settings);
  const cheap = await cheapChecks(where, need, signal);
  const isReached = cheap.some(({ code, level }) => code === "claude_k8s_api" && level === "info");
  const volume =
    claim === undefined || !isReached ? [] : await checkVolume(where, claim, mode, signal);
  const checks = [
    ...wrong,
    ...cheap,
    ...inheritedChecks(asked, filled, self),
    ...volume,
    workspaceCheck(settings, self),
  ];
  return { checks, settings, namespace, cluster };
}

/** What a run takes from quotas, or what of the settings no manifest can be built of. */
function neededBy(settings: Settings): { need: QuotaNeed; wrong: readonly Check[] } {
  try {
    return { need: needOf(settings), wrong: [] };
  } catch (error) {
    if (!JobManifestError.isInstance(error)) throw error;
    const hint = "Change the settings that the message names.";
    return { need: {}, wrong: [failed("claude_k8s_setting", error.message, hint)] };
  }
}
