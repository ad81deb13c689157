import {
  array,
  type Arbitrary,
  boolean,
  constant,
  constantFrom,
  dictionary,
  integer,
  oneof,
  record,
  string,
  uint8Array,
} from "fast-check";
import type { RunSpec } from "../src/index.ts";
import { affinity, dnsConfig, spread, toleration } from "./random-placement.ts";
import { mostly, names } from "./random-text.ts";

/** Specs of all kinds: most fields right most of the time, some with anything in them. */
export function anySpec(namespace: string): Arbitrary<RunSpec> {
  return record(
    {
      name: mostly(names.dnsLabel),
      namespace: constant(namespace),
      labels: dictionary(mostly(names.labelKey), mostly(names.labelValue), { maxKeys: 4 }),
      annotations: dictionary(mostly(names.labelKey), string({ unit: "grapheme" }), { maxKeys: 3 }),
      program: program(),
      containerName: mostly(names.dnsLabel),
      secretName: mostly(names.dnsSubdomain),
      identity: record({ uid: mostly(id, integer()), gid: id, fsGroup: id }, { requiredKeys: [] }),
      volumes: array(volume(), { maxLength: 3 }),
      sidecars: array(sidecar(), { maxLength: 2 }),
      preparations: array(preparation(), { maxLength: 2 }),
      placement: placement(),
      life: life(),
      suspend: boolean(),
      overlay: constantFrom(
        { spec: { tolerations: [{ operator: "Exists" }] } },
        { metadata: { labels: { "example.com/overlaid": "yes" } } },
        { spec: { containers: [{ name: "main", env: [{ name: "OVERLAID", value: "1" }] }] } },
      ),
    },
    { requiredKeys: ["name", "namespace", "labels", "program"] },
  ) as Arbitrary<unknown> as Arbitrary<RunSpec>;
}

const id = integer({ min: 1, max: 70_000 });
const small = mostly(constantFrom("100m", "0.5", "1", ".5", "1e0", ""));
const large = mostly(constantFrom("1.5Gi", "512Mi", "1e3", "20M", "2Ki", "2", ""));
const resourceNames = constantFrom("cpu", "memory", "ephemeral-storage");
const resources = record(
  {
    requests: dictionary(mostly(resourceNames), small, { maxKeys: 3 }),
    limits: oneof(
      dictionary(mostly(resourceNames), large, { maxKeys: 3 }),
      record({ "example.com/gpu": mostly(constantFrom("1", "2k")) }),
    ),
  },
  { requiredKeys: [] },
);
const policy = constantFrom("Always", "IfNotPresent", "Never");
const characters = string({ unit: "grapheme-ascii" });
const variables = dictionary(
  mostly(names.envName),
  mostly(characters, string({ unit: "binary" })),
  { maxKeys: 3 },
);
const content = oneof(string({ unit: "grapheme" }), uint8Array({ maxLength: 50 }));

function program(): Arbitrary<unknown> {
  return record(
    {
      image: mostly(names.image),
      imagePullPolicy: policy,
      argv: array(string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 4 }),
      stdin: content,
      env: variables,
      secretEnv: variables,
      files: dictionary(
        mostly(names.absolutePath),
        oneof(content, record({ content, executable: boolean() }, { requiredKeys: ["content"] })),
        { maxKeys: 2 },
      ),
      needs: array(mostly(names.absolutePath), { maxLength: 2 }),
      workingDir: mostly(names.absolutePath),
      resources,
      readOnlyRoot: boolean(),
      scratch: array(mostly(names.absolutePath), { maxLength: 2 }),
      envFrom: record(
        {
          vars: array(
            record({
              name: mostly(names.envName),
              valueFrom: constantFrom(
                { secretKeyRef: { name: "a", key: "b" } },
                { configMapKeyRef: { name: "a", key: "b", optional: true } },
                { fieldRef: { fieldPath: "metadata.name" } },
              ),
            }),
            { maxLength: 2 },
          ),
          sources: array(
            oneof(
              record({ secretRef: record({ name: names.dnsSubdomain }) }),
              record({
                configMapRef: record({ name: names.dnsSubdomain }),
                prefix: mostly(constantFrom("P_", "a.")),
              }),
            ),
            { maxLength: 2 },
          ),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["image", "argv"] },
  );
}

const mount = record(
  { path: mostly(names.absolutePath), subPath: mostly(names.relativePath), readOnly: boolean() },
  { requiredKeys: ["path"] },
);

function volume(): Arbitrary<unknown> {
  const items = array(record({ key: mostly(names.envName), path: mostly(names.relativePath) }), {
    minLength: 1,
    maxLength: 2,
  });
  const source = oneof(
    record({
      emptyDir: record(
        { medium: mostly(constantFrom("", "Memory")), sizeLimit: large },
        { requiredKeys: [] },
      ),
    }),
    record({ persistentVolumeClaim: record({ claimName: mostly(names.dnsSubdomain) }) }),
    record({
      secret: record(
        {
          secretName: mostly(names.dnsSubdomain),
          items,
          defaultMode: mostly(integer({ min: 0, max: 511 }), integer()),
        },
        { requiredKeys: ["secretName"] },
      ),
    }),
    record({
      configMap: record({ name: mostly(names.dnsSubdomain), items }, { requiredKeys: ["name"] }),
    }),
    mostly(
      constantFrom({ emptyDir: {} }),
      constantFrom({}, { hostPath: { path: "/" } }, { emptyDir: {}, secret: {} }),
    ),
  );
  return record(
    {
      name: mostly(names.dnsLabel),
      source,
      mounts: array(mount, { maxLength: 2 }),
      accessMode: constantFrom("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany"),
    },
    { requiredKeys: ["name", "source", "mounts"] },
  );
}

function sidecar(): Arbitrary<unknown> {
  const port = mostly(oneof(integer({ min: 1, max: 65_535 }), constantFrom("http")), integer());
  return record(
    {
      name: mostly(names.dnsLabel),
      image: mostly(names.image),
      imagePullPolicy: policy,
      argv: array(string(), { minLength: 1, maxLength: 3 }),
      env: variables,
      secretEnv: variables,
      resources,
      readOnlyRoot: boolean(),
      startupProbe: record(
        {
          httpGet: record({ port, path: constant("/") }),
          periodSeconds: mostly(integer({ min: 1, max: 9 }), integer()),
        },
        { requiredKeys: ["httpGet"] },
      ),
    },
    { requiredKeys: ["name", "image"] },
  );
}

function preparation(): Arbitrary<unknown> {
  return record(
    {
      name: mostly(names.dnsLabel),
      image: mostly(names.image),
      argv: array(string({ unit: "grapheme", minLength: 1 }), { minLength: 1, maxLength: 3 }),
      env: variables,
      secretEnv: variables,
      workingDir: mostly(names.absolutePath),
      resources,
      readOnlyRoot: boolean(),
    },
    { requiredKeys: ["name", "image", "argv"] },
  );
}

function placement(): Arbitrary<unknown> {
  return record(
    {
      nodeSelector: dictionary(mostly(names.labelKey), mostly(names.labelValue), { maxKeys: 2 }),
      tolerations: array(toleration(), { maxLength: 3 }),
      affinity: affinity(),
      topologySpreadConstraints: array(spread(), { maxLength: 2 }),
      runtimeClassName: mostly(names.dnsSubdomain),
      priorityClassName: mostly(names.dnsSubdomain),
      schedulerName: mostly(names.dnsSubdomain),
      serviceAccountName: mostly(names.dnsSubdomain),
      imagePullSecrets: array(mostly(names.dnsSubdomain), { maxLength: 2 }),
      dnsPolicy: mostly(
        constantFrom("ClusterFirst", "Default", "ClusterFirstWithHostNet"),
        constant("None"),
      ),
      dnsConfig: dnsConfig(),
      hostAliases: array(
        record({
          ip: mostly(
            constantFrom("10.0.0.1", "::1", "fe80::1"),
            constantFrom("::ffff:1.2.3.4", "010.0.0.1", "1.2.3"),
          ),
          hostnames: array(mostly(names.dnsSubdomain), { maxLength: 2 }),
        }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );
}

function life(): Arbitrary<unknown> {
  const seconds = mostly(integer({ min: 1, max: 9_999 }), integer());
  return record(
    {
      ttlSecondsAfterFinished: seconds,
      terminationGracePeriodSeconds: seconds,
      activeDeadlineSeconds: seconds,
      runLimitSeconds: seconds,
    },
    { requiredKeys: [] },
  );
}
