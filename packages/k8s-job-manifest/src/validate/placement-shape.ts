import { maybeNumber, maybeText, texts, variables } from "./common-shapes.ts";
import { list, number, object, open, optional, type Shape, text } from "./shape.ts";

const requirement = open({ key: text, operator: text, values: texts });
const selector = optional(
  open({ matchLabels: variables, matchExpressions: optional(list(requirement)) }),
);

const toleration = open({
  key: maybeText,
  operator: maybeText,
  value: maybeText,
  effect: maybeText,
  tolerationSeconds: maybeNumber,
});
const spread = open({
  maxSkew: number,
  topologyKey: text,
  whenUnsatisfiable: text,
  labelSelector: selector,
  minDomains: maybeNumber,
  matchLabelKeys: texts,
  nodeAffinityPolicy: maybeText,
  nodeTaintsPolicy: maybeText,
});

const nodeTerm = open({
  matchExpressions: optional(list(requirement)),
  matchFields: optional(list(requirement)),
});
const podTerm = open({
  topologyKey: text,
  labelSelector: selector,
  namespaceSelector: selector,
  namespaces: texts,
});
const required = "requiredDuringSchedulingIgnoredDuringExecution";
const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
const podAffinity = optional(
  open({
    [required]: optional(list(podTerm)),
    [preferred]: optional(list(open({ weight: number, podAffinityTerm: podTerm }))),
  }),
);
const nodeAffinity = optional(
  open({
    [required]: optional(open({ nodeSelectorTerms: list(nodeTerm) })),
    [preferred]: optional(list(open({ weight: number, preference: nodeTerm }))),
  }),
);

const dnsOption = open({ name: maybeText, value: maybeText });
/** The kinds of all fields of a Placement. */
export const placement: Shape = object({
  nodeSelector: variables,
  tolerations: optional(list(toleration)),
  affinity: optional(open({ nodeAffinity, podAffinity, podAntiAffinity: podAffinity })),
  topologySpreadConstraints: optional(list(spread)),
  priorityClassName: maybeText,
  runtimeClassName: maybeText,
  schedulerName: maybeText,
  serviceAccountName: maybeText,
  imagePullSecrets: texts,
  dnsPolicy: maybeText,
  dnsConfig: optional(
    open({ nameservers: texts, searches: texts, options: optional(list(dnsOption)) }),
  ),
  hostAliases: optional(list(open({ ip: text, hostnames: texts }))),
});
