import type { DnsConfig, Toleration, TopologySpreadConstraint } from "../pod-types.ts";
import type { Placement } from "../types.ts";
import { checkAffinity, checkSelector } from "./affinity.ts";
import { checkLabelMatch } from "./labels.ts";
import { type Check, itemsOf, maybe, oneOf, text, when } from "./rule.ts";
import { address, dnsSubdomain, labelKey, labelText, positive } from "./rules.ts";

const dnsPolicies = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];

export function checkPlacement(check: Check, placement: Placement = {}): void {
  const at = "placement";
  checkLabelMatch(check, `${at}.nodeSelector`, placement.nodeSelector);
  for (const { item, path } of itemsOf(`${at}.tolerations`, placement.tolerations))
    checkToleration(check, path, item);
  const spreads = new Set<string>();
  const constraints = placement.topologySpreadConstraints;
  for (const { item, path } of itemsOf(`${at}.topologySpreadConstraints`, constraints)) {
    checkSpread(check, path, item);
    const key = `${item.topologyKey} ${item.whenUnsatisfiable}`;
    check(
      path,
      key,
      when(!spreads.has(key), "the only one of its topologyKey and whenUnsatisfiable"),
    );
    spreads.add(key);
  }
  checkAffinity(check, `${at}.affinity`, placement.affinity);

  const { priorityClassName, runtimeClassName, schedulerName, serviceAccountName } = placement;
  const named = { priorityClassName, runtimeClassName, schedulerName, serviceAccountName };
  for (const [field, name] of Object.entries(named))
    check(`${at}.${field}`, name, maybe(dnsSubdomain()));
  for (const { item, path } of itemsOf(`${at}.imagePullSecrets`, placement.imagePullSecrets))
    check(path, item, dnsSubdomain());
  for (const { item, path } of itemsOf(`${at}.hostAliases`, placement.hostAliases)) {
    check(`${path}.ip`, item.ip, address);
    for (const name of itemsOf(`${path}.hostnames`, item.hostnames))
      check(name.path, name.item, dnsSubdomain());
  }
  checkDns(check, at, placement);
}

/** By Kubernetes' rules for tolerations. */
function checkToleration(check: Check, path: string, toleration: Toleration): void {
  const { key = "", operator = "Equal", value = "", effect = "", tolerationSeconds } = toleration;
  const isKeyed = key !== "" || operator === "Exists";
  check(`${path}.key`, key, when(isKeyed, "given, unless the operator is Exists"));
  if (key !== "") check(`${path}.key`, key, labelKey);
  check(`${path}.operator`, operator, oneOf("Equal", "Exists"));
  check(`${path}.value`, value, labelText);
  const isValue = operator !== "Exists" || value === "";
  check(`${path}.value`, value, when(isValue, "left out where the operator is Exists"));
  check(`${path}.effect`, effect, oneOf("", "NoSchedule", "PreferNoSchedule", "NoExecute"));
  const isTimed = tolerationSeconds === undefined || effect === "NoExecute";
  const isWhole = tolerationSeconds === undefined || Number.isSafeInteger(tolerationSeconds);
  check(
    `${path}.tolerationSeconds`,
    tolerationSeconds,
    when(isTimed, "left out unless the effect is NoExecute"),
  );
  check(`${path}.tolerationSeconds`, tolerationSeconds, when(isWhole, "a whole number"));
}

function checkSpread(check: Check, path: string, spread: TopologySpreadConstraint): void {
  const { whenUnsatisfiable, minDomains, matchLabelKeys, labelSelector } = spread;
  check(`${path}.maxSkew`, spread.maxSkew, positive);
  check(`${path}.topologyKey`, spread.topologyKey, labelKey);
  check(`${path}.whenUnsatisfiable`, whenUnsatisfiable, oneOf("DoNotSchedule", "ScheduleAnyway"));
  check(`${path}.minDomains`, minDomains, maybe(positive));
  const mayHaveDomains = minDomains === undefined || whenUnsatisfiable === "DoNotSchedule";
  check(`${path}.minDomains`, minDomains, when(mayHaveDomains, "left out unless DoNotSchedule"));
  for (const policy of ["nodeAffinityPolicy", "nodeTaintsPolicy"] as const)
    check(`${path}.${policy}`, spread[policy], maybe(oneOf("Honor", "Ignore")));
  checkSelector(check, `${path}.labelSelector`, labelSelector);
  for (const { item, path: at } of itemsOf(`${path}.matchLabelKeys`, matchLabelKeys)) {
    check(at, item, labelKey);
    const isFree = labelSelector !== undefined && !mentions(labelSelector, item);
    check(at, item, when(isFree, "a key beside a labelSelector that does not have it"));
  }
}

function mentions(
  selector: NonNullable<TopologySpreadConstraint["labelSelector"]>,
  key: string,
): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return Object.hasOwn(matchLabels, key) || matchExpressions.some((one) => one.key === key);
}

function checkDns(check: Check, at: string, { dnsPolicy, dnsConfig }: Placement): void {
  check(`${at}.dnsPolicy`, dnsPolicy, maybe(oneOf(...dnsPolicies)));
  const { nameservers = [], searches = [], options = [] }: DnsConfig = dnsConfig ?? {};
  const isServed = dnsPolicy !== "None" || nameservers.length > 0;
  check(
    `${at}.dnsConfig.nameservers`,
    nameservers,
    when(isServed, "given where dnsPolicy is None"),
  );
  check(`${at}.dnsConfig.nameservers`, nameservers, when(nameservers.length <= 3, "at most 3"));
  for (const { item, path } of itemsOf(`${at}.dnsConfig.nameservers`, nameservers))
    check(path, item, address);
  const searched = searches.join(" ").length;
  const isShort = searches.length <= 32 && searched <= 2_048;
  check(
    `${at}.dnsConfig.searches`,
    searches,
    when(isShort, "at most 32, of 2,048 characters in all"),
  );
  for (const { item, path } of itemsOf(`${at}.dnsConfig.searches`, searches))
    check(path, item.replace(/\.$/u, ""), dnsSubdomain());
  for (const { item, path } of itemsOf(`${at}.dnsConfig.options`, options))
    check(
      `${path}.name`,
      item.name,
      text("given", (name) => name !== ""),
    );
}
