import {
  array,
  type Arbitrary,
  constantFrom,
  dictionary,
  integer,
  oneof,
  record,
} from "fast-check";
import { mostly, names } from "./random-text.ts";

const values = array(mostly(names.labelValue), { minLength: 1, maxLength: 2 });
const requirement = oneof(
  record({ key: mostly(names.labelKey), operator: mostly(constantFrom("In", "NotIn")), values }),
  record({ key: names.labelKey, operator: mostly(constantFrom("Exists", "DoesNotExist")) }),
);

const selector = record(
  {
    matchLabels: dictionary(mostly(names.labelKey), mostly(names.labelValue), { maxKeys: 2 }),
    matchExpressions: array(requirement, { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

const weight = mostly(integer({ min: 1, max: 100 }), integer());

export function toleration(): Arbitrary<unknown> {
  const effect = mostly(constantFrom("NoSchedule", "PreferNoSchedule", "NoExecute", ""));
  const key = mostly(names.labelKey);
  return oneof(
    record({ operator: mostly(constantFrom("Exists")) }),
    record({ key, operator: mostly(constantFrom("Exists")), effect }),
    record({
      key,
      operator: mostly(constantFrom("Equal")),
      value: mostly(names.labelValue),
      effect,
    }),
    record({
      key,
      effect: mostly(constantFrom("NoExecute")),
      tolerationSeconds: mostly(integer()),
    }),
  );
}

export function spread(): Arbitrary<unknown> {
  const base = {
    maxSkew: mostly(integer({ min: 1, max: 9 }), integer()),
    topologyKey: mostly(names.labelKey),
    labelSelector: selector,
  };
  return oneof(
    record({
      ...base,
      whenUnsatisfiable: mostly(constantFrom("DoNotSchedule")),
      minDomains: mostly(integer({ min: 1, max: 3 }), integer()),
    }),
    record({
      ...base,
      whenUnsatisfiable: mostly(constantFrom("ScheduleAnyway")),
      nodeAffinityPolicy: mostly(constantFrom("Honor", "Ignore")),
      matchLabelKeys: array(mostly(names.labelKey), { maxLength: 1 }),
    }),
  );
}

export function affinity(): Arbitrary<unknown> {
  const nodeTerm = record(
    {
      matchExpressions: array(
        oneof(
          requirement,
          record({
            key: names.labelKey,
            operator: constantFrom("Gt", "Lt"),
            values: array(mostly(constantFrom("1", "50"), constantFrom("-5", "x")), {
              minLength: 1,
              maxLength: 1,
            }),
          }),
        ),
        { maxLength: 2 },
      ),
      matchFields: array(
        record({
          key: mostly(constantFrom("metadata.name")),
          operator: mostly(constantFrom("In", "NotIn")),
          values: array(mostly(names.dnsSubdomain), { minLength: 1, maxLength: 1 }),
        }),
        { maxLength: 1 },
      ),
    },
    { requiredKeys: [] },
  );
  const podTerm = record(
    {
      topologyKey: mostly(names.labelKey),
      labelSelector: selector,
      namespaces: array(mostly(names.dnsLabel), { maxLength: 2 }),
      namespaceSelector: selector,
    },
    { requiredKeys: ["topologyKey"] },
  );
  const pods = record(
    {
      requiredDuringSchedulingIgnoredDuringExecution: array(podTerm, { maxLength: 2 }),
      preferredDuringSchedulingIgnoredDuringExecution: array(
        record({ weight, podAffinityTerm: podTerm }),
        { maxLength: 1 },
      ),
    },
    { requiredKeys: [] },
  );
  return record(
    {
      nodeAffinity: record(
        {
          requiredDuringSchedulingIgnoredDuringExecution: record({
            nodeSelectorTerms: array(nodeTerm, { minLength: 1, maxLength: 2 }),
          }),
          preferredDuringSchedulingIgnoredDuringExecution: array(
            record({ weight, preference: nodeTerm }),
            { maxLength: 1 },
          ),
        },
        { requiredKeys: [] },
      ),
      podAffinity: pods,
      podAntiAffinity: pods,
    },
    { requiredKeys: [] },
  );
}

export function dnsConfig(): Arbitrary<unknown> {
  return record(
    {
      nameservers: array(mostly(constantFrom("10.0.0.10", "::1")), { maxLength: 3 }),
      searches: array(mostly(names.dnsSubdomain), { maxLength: 3 }),
      options: array(
        record(
          { name: mostly(constantFrom("ndots")), value: constantFrom("2", "") },
          { requiredKeys: ["name"] },
        ),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );
}
