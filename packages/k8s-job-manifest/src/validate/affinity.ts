import type {
  Affinity,
  LabelSelector,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  SelectorRequirement,
} from "../pod-types.ts";
import { checkLabelMatch } from "./labels.ts";
import { type Check, itemsOf, oneOf, type Rule, text, when, whole } from "./rule.ts";
import { dnsLabel, dnsSubdomain, labelKey, labelText } from "./rules.ts";

const weight = whole(1, 100);
const wholeText = text("a whole number, 0 or more", (value) => /^\d{1,18}$/.test(value));

export function checkAffinity(check: Check, path: string, affinity: Affinity = {}): void {
  const { nodeAffinity = {}, podAffinity, podAntiAffinity } = affinity;
  const required = nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  if (required !== undefined) {
    const at = `${path}.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms`;
    const terms = required.nodeSelectorTerms;
    check(at, terms, when(Array.isArray(terms) && terms.length > 0, "at least one term"));
    for (const { item, path: term } of itemsOf(at, terms)) checkTerm(check, term, item);
  }
  const preferred = nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution;
  const at = `${path}.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution`;
  for (const { item, path: one } of itemsOf(at, preferred)) {
    check(`${one}.weight`, item.weight, weight);
    checkTerm(check, `${one}.preference`, item.preference);
  }
  checkPodAffinity(check, `${path}.podAffinity`, podAffinity);
  checkPodAffinity(check, `${path}.podAntiAffinity`, podAntiAffinity);
}

export function checkSelector(check: Check, path: string, selector: LabelSelector = {}): void {
  checkLabelMatch(check, `${path}.matchLabels`, selector.matchLabels);
  const requirements = selector.matchExpressions;
  for (const { item, path: at } of itemsOf(`${path}.matchExpressions`, requirements))
    checkRequirement(check, at, item, ["In", "NotIn", "Exists", "DoesNotExist"]);
}

function checkTerm(check: Check, path: string, term: NodeSelectorTerm = {}): void {
  const operators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"];
  for (const { item, path: at } of itemsOf(`${path}.matchExpressions`, term.matchExpressions))
    checkRequirement(check, at, item, operators);
  for (const { item, path: at } of itemsOf(`${path}.matchFields`, term.matchFields)) {
    check(`${at}.key`, item.key, oneOf("metadata.name"));
    check(`${at}.operator`, item.operator, oneOf("In", "NotIn"));
    check(`${at}.values`, item.values, when(item.values?.length === 1, "one name of a node"));
    check(`${at}.values[0]`, item.values?.[0], dnsSubdomain());
  }
}

function checkRequirement(
  check: Check,
  path: string,
  { key, operator, values = [] }: SelectorRequirement,
  operators: readonly string[],
): void {
  check(`${path}.key`, key, labelKey);
  check(`${path}.operator`, operator, oneOf(...operators));
  const isNumber = operator === "Gt" || operator === "Lt";
  const isList = operator === "In" || operator === "NotIn";
  if (isNumber) check(`${path}.values`, values, when(values.length === 1, "one whole number"));
  else if (isList) check(`${path}.values`, values, when(values.length > 0, "at least one value"));
  else check(`${path}.values`, values, when(values.length === 0, "left out"));
  const rule: Rule = isNumber ? wholeText : labelText;
  for (const value of itemsOf(`${path}.values`, values)) check(value.path, value.item, rule);
}

function checkPodAffinity(check: Check, path: string, affinity: PodAffinity = {}): void {
  const required = affinity.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = affinity.preferredDuringSchedulingIgnoredDuringExecution;
  const at = (kind: string) => `${path}.${kind}DuringSchedulingIgnoredDuringExecution`;
  for (const one of itemsOf(at("required"), required)) checkPodTerm(check, one.path, one.item);
  for (const one of itemsOf(at("preferred"), preferred)) {
    check(`${one.path}.weight`, one.item.weight, weight);
    checkPodTerm(check, `${one.path}.podAffinityTerm`, one.item.podAffinityTerm);
  }
}

function checkPodTerm(check: Check, path: string, term: PodAffinityTerm | undefined): void {
  check(`${path}.topologyKey`, term?.topologyKey, labelKey);
  checkSelector(check, `${path}.labelSelector`, term?.labelSelector);
  checkSelector(check, `${path}.namespaceSelector`, term?.namespaceSelector);
  for (const { item, path: at } of itemsOf(`${path}.namespaces`, term?.namespaces))
    check(at, item, dnsLabel());
}
