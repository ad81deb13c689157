import { isJsonObject, member } from "./json.ts";
import type { Container, KubeObject, Pod } from "./kube-object.ts";
import { quantity } from "./quantity.ts";
import type { Store } from "./store.ts";

/** Why a `ResourceQuota` of the namespace does not take one more pod, in the words of its admission. */
export function quotaProblem(store: Store, pod: Pod): string | undefined {
  const { namespace } = pod.metadata;
  for (const quota of store.find("resourcequotas").list(namespace)) {
    const hard = hardOf(quota);
    const missing = [...hard.keys()].flatMap((key) => {
      if (!isCompute(key)) return [];
      const without = pod.spec.containers.filter((one) => amountOf(one, key) === undefined);
      return without.length === 0
        ? []
        : [`${key} for: ${without.map(({ name }) => name).join(",")}`];
    });
    if (missing.length > 0)
      return `failed quota: ${quota.metadata.name}: must specify ${missing.join("; ")}`;
    const live = store.pods
      .list(namespace)
      .filter(({ status }) => status.phase !== "Succeeded" && status.phase !== "Failed");
    const over = [...hard].filter(([key, limit]) => usedBy([...live, pod], key) > quantity(limit));
    if (over.length === 0) continue;
    const told = (of: (key: string, limit: string) => string): string =>
      over.map(([key, limit]) => `${key}=${of(key, limit)}`).join(",");
    const requested = told((key) => String(usedBy([pod], key)));
    const used = told((key) => String(usedBy(live, key)));
    const limited = told((_key, limit) => limit);
    return `exceeded quota: ${quota.metadata.name}, requested: ${requested}, used: ${used}, limited: ${limited}`;
  }
  return undefined;
}

function hardOf(quota: KubeObject): Map<string, string> {
  const hard = member(quota["spec"], "hard");
  return new Map(
    isJsonObject(hard) ? Object.entries(hard).map(([key, value]) => [key, String(value)]) : [],
  );
}

const computeKey = /^(?:(limits|requests)\.)?(cpu|memory)$/;

function isCompute(key: string): boolean {
  return computeKey.test(key);
}

/** What a container asks for, by a quota's key: `limits.cpu`, `requests.memory`, or `cpu` for a request. */
function amountOf({ resources = {} }: Container, key: string): number | undefined {
  const [, side = "requests", what = ""] = computeKey.exec(key) ?? [];
  const { limits, requests } = resources;
  const text = side === "limits" ? limits?.[what] : (requests?.[what] ?? limits?.[what]);
  return text === undefined ? undefined : quantity(text);
}

function usedBy(pods: readonly Pod[], key: string): number {
  if (key === "pods" || key === "count/pods") return pods.length;
  if (!isCompute(key)) return 0;
  return pods
    .flatMap(({ spec }) => spec.containers)
    .reduce((sum, one) => sum + (amountOf(one, key) ?? 0), 0);
}
