import { textOf } from "../untyped.ts";
import type {
  AdapterEnvironmentCheck,
  AdapterEnvironmentTestContext,
  AdapterEnvironmentTestResult,
} from "@paperclipai/adapter-utils";
import { type KubeHttp, KubeHttpError, realClock } from "@claude-k8s/kube-http";
import { AdapterError } from "../errors.ts";
import { parseSettings } from "../settings/settings.ts";
import { adapterType } from "../cluster/marks.ts";
import { describeRight, type Right, rights } from "./rights.ts";

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
    const checks: AdapterEnvironmentCheck[] = [
      ...problems.map((message) => failed("claude_k8s_setting", message, "Change this setting.")),
      ...warnings.map((message) => ({
        code: "claude_k8s_setting",
        level: "warn" as const,
        message,
      })),
    ];
    try {
      const cluster = await connect(settings.kubeconfig);
      const namespace = settings.namespace ?? cluster.defaultNamespace;
      checks.push(...(await checkCluster(cluster.http, namespace, limit.signal)));
    } catch (error) {
      checks.push(clusterFault(error));
    }
    return result(checks);
  } finally {
    disarm();
  }
}

async function checkCluster(
  http: KubeHttp,
  namespace: string,
  signal: AbortSignal,
): Promise<AdapterEnvironmentCheck[]> {
  const version = await http.request<{ gitVersion?: string }>({
    method: "GET",
    path: "/version",
    signal,
  });
  const server =
    version.kind === "ok" ? (version.body.gitVersion ?? "unknown version") : version.kind;
  const found = await checkNamespace(http, namespace, signal);
  const missing = await Promise.all(
    rights.map((right) => checkRight(http, namespace, right, signal)),
  );
  return [passed("claude_k8s_api", `The API server answers (${server}).`), found, ...missing];
}

async function checkNamespace(
  http: KubeHttp,
  namespace: string,
  signal: AbortSignal,
): Promise<AdapterEnvironmentCheck> {
  const code = "claude_k8s_namespace";
  try {
    const answer = await http.request({
      method: "GET",
      path: `/api/v1/namespaces/${namespace}`,
      signal,
    });
    return answer.kind === "ok"
      ? passed(code, `The namespace ${namespace} exists.`)
      : failed(
          code,
          `The namespace ${namespace} does not exist.`,
          `kubectl create namespace ${namespace}`,
        );
  } catch (error) {
    if (!KubeHttpError.isInstance(error) || error.code !== "KUBE_DENIED") throw error;
    // A namespaced role cannot grant this one, and runs do not need it.
    return passed(
      code,
      `Whether the namespace ${namespace} exists may not be asked; runs do without.`,
    );
  }
}

async function checkRight(
  http: KubeHttp,
  namespace: string,
  right: Right,
  signal: AbortSignal,
): Promise<AdapterEnvironmentCheck> {
  const { use, without, ...attributes } = right;
  const answer = await http.request<{ status?: { allowed?: boolean } }>({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: { namespace, ...attributes } },
    },
    repeatable: true,
    signal,
  });
  const code = "claude_k8s_right";
  const words = describeRight(right);
  if (answer.kind === "ok" && answer.body.status?.allowed === true)
    return passed(code, `May ${words}.`);
  const hint = `Grant "${words}" to the server's account in ${namespace}; the README has the whole Role.`;
  return without === undefined
    ? failed(code, `May not ${words} in ${namespace}, which is used to ${use}.`, hint)
    : { code, level: "warn", message: `May not ${words} in ${namespace}: ${without}.`, hint };
}

function clusterFault(error: unknown): AdapterEnvironmentCheck {
  if (AdapterError.isInstance(error))
    return failed(
      "claude_k8s_kubeconfig",
      error.message,
      "Set kubeconfig, or run the server in a pod.",
    );
  const message = textOf(error);
  return failed(
    "claude_k8s_api",
    message,
    "Check the kubeconfig's server address and the network.",
  );
}

function result(checks: AdapterEnvironmentCheck[]): AdapterEnvironmentTestResult {
  const has = (level: string): boolean => checks.some((check) => check.level === level);
  const status = has("error") ? "fail" : has("warn") ? "warn" : "pass";
  return { adapterType, status, checks, testedAt: new Date().toISOString() };
}

function passed(code: string, message: string): AdapterEnvironmentCheck {
  return { code, level: "info", message };
}

function failed(code: string, message: string, hint: string): AdapterEnvironmentCheck {
  return { code, level: "error", message, hint };
}
