import {
  callable,
  content,
  contentOr,
  flag,
  list,
  object,
  open,
  optional,
  record,
  type Shape,
  shown,
  text,
  textOrNumber,
} from "./shape.ts";
import type { Problem, RunSpec } from "../types.ts";
import { maybeNumber, maybeText, texts, variables } from "./common-shapes.ts";
import { placement } from "./placement-shape.ts";

const resources = optional(
  object({ requests: optional(record(text)), limits: optional(record(text)) }),
);

const envVar = open({ name: text, value: maybeText, valueFrom: optional(open({})) });
const envSource = open({
  prefix: maybeText,
  secretRef: optional(open({ name: maybeText })),
  configMapRef: optional(open({ name: maybeText })),
});

const envFrom = optional(
  object({ vars: optional(list(envVar)), sources: optional(list(envSource)) }),
);

/** What a program and a preparation have in common. */
const programFields = {
  image: text,
  imagePullPolicy: maybeText,
  argv: list(text),
  env: variables,
  secretEnv: variables,
  envFrom,
  workingDir: maybeText,
  resources,
  readOnlyRoot: optional(flag),
};

const program = object({
  ...programFields,
  stdin: optional(content),
  files: optional(record(contentOr(object({ content, executable: optional(flag) })))),
  needs: texts,
  scratch: texts,
});

const mountFields = { path: text, subPath: maybeText, readOnly: optional(flag) };
const items = optional(list(open({ key: text, path: text, mode: maybeNumber })));
const source = open({
  emptyDir: optional(open({ medium: maybeText, sizeLimit: maybeText })),
  persistentVolumeClaim: optional(open({ claimName: text })),
  secret: optional(open({ secretName: maybeText, items, defaultMode: maybeNumber })),
  configMap: optional(open({ name: maybeText, items, defaultMode: maybeNumber })),
});
const volume = object({
  name: text,
  source,
  mounts: list(object(mountFields)),
  accessMode: maybeText,
});

const probe = open({
  exec: optional(open({ command: texts })),
  httpGet: optional(open({ path: maybeText, port: textOrNumber })),
  tcpSocket: optional(open({ port: textOrNumber })),
  initialDelaySeconds: maybeNumber,
  periodSeconds: maybeNumber,
  timeoutSeconds: maybeNumber,
  failureThreshold: maybeNumber,
});
const sidecar = object({
  name: text,
  image: text,
  imagePullPolicy: maybeText,
  argv: texts,
  env: variables,
  secretEnv: variables,
  resources,
  readOnlyRoot: optional(flag),
  mounts: optional(list(object({ ...mountFields, volume: text }))),
  startupProbe: optional(probe),
});

const preparation = object({
  ...programFields,
  name: text,
  mounts: optional(list(object({ ...mountFields, volume: text }))),
});

const life = object({
  ttlSecondsAfterFinished: maybeNumber,
  terminationGracePeriodSeconds: maybeNumber,
  activeDeadlineSeconds: maybeNumber,
  runLimitSeconds: maybeNumber,
});

const overlay = object({
  metadata: optional(open({ labels: variables, annotations: variables })),
  spec: optional(open({})),
});

/** The kinds of all fields of a RunSpec. */
const runSpec: Shape = object({
  name: text,
  namespace: text,
  labels: record(text),
  annotations: variables,
  program,
  containerName: maybeText,
  secretName: maybeText,
  identity: optional(object({ uid: maybeNumber, gid: maybeNumber, fsGroup: maybeNumber })),
  volumes: optional(list(volume)),
  sidecars: optional(list(sidecar)),
  preparations: optional(list(preparation)),
  placement: optional(placement),
  life: optional(life),
  suspend: optional(flag),
  overlay: optional(overlay),
  transform: optional(callable),
});

/** The spec with what does not fit left out or blank, so that the rest can be looked at. */
export function readSpec(spec: unknown, problems: Problem[]): RunSpec {
  const isObject = typeof spec === "object" && spec !== null && !Array.isArray(spec);
  if (!isObject) problems.push({ path: "(the spec)", value: shown(spec), rule: "an object" });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- that is what the shape has made of it
  return runSpec.read(isObject ? spec : runSpec.blank, "", isObject ? problems : []) as RunSpec;
}
