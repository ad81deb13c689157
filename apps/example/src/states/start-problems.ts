import type { V1Container } from "@kubernetes/client-node";
import { quota } from "./acts.ts";
import type { State } from "./state.ts";

const secretEnv = (name: string, key = "word"): NonNullable<V1Container["env"]> => [
  { name: "GREETING", valueFrom: { secretKeyRef: { name, key } } },
];

const problem = (why: string, reason: string): State["end"] => ({
  kind: "not-started",
  why,
  reason,
});

/** Short graces, so that every problem is an end soon. */
const policy = {
  imageGraceMs: 4_000,
  imageAbsentGraceMs: 4_000,
  configGraceMs: 4_000,
  scheduleTimeoutMs: 4_000,
  quotaGraceMs: 4_000,
  admissionGraceMs: 4_000,
};

/** A busy kubelet has not heard of any object of this kind for a while, and says that first. */
const notThere = (kind: "secret" | "configmap"): RegExp =>
  new RegExp(`${kind} "none" not found|failed to sync ${kind} cache`);

/** That a pod is refused is told by an event of the Job controller, late where many Jobs are made at once. */
const refused = { ...policy, scheduleTimeoutMs: 60_000 };

const image = (path: string): Pick<State, "container"> => ({
  container: { image: `127.0.0.1:REGISTRY_PORT/${path}:1` },
});

/** What keeps a program from starting. */
const problems: readonly State[] = [
  {
    name: "image-name",
    container: { image: "Not A Name" },
    end: { ...problem("image", "InvalidImageName"), sure: true },
  },
  {
    name: "image-unreachable",
    container: { image: "127.0.0.1:1/none:1" },
    end: { kind: "not-started", why: "image", sure: false },
    evidence: /127\.0\.0\.1:1\/none:1/,
  },
  {
    name: "image-absent",
    ...image("absent"),
    end: { kind: "not-started", why: "image" },
    needs: "registry",
  },
  {
    name: "image-denied",
    ...image("denied"),
    end: { kind: "not-started", why: "image" },
    needs: "registry",
  },
  {
    name: "image-throttled",
    ...image("throttled"),
    end: { kind: "not-started", why: "image" },
    needs: "registry",
  },
  {
    name: "image-never-pulled",
    container: { image: "nobody.invalid/none:2", imagePullPolicy: "Never" },
    end: problem("image", "ErrImageNeverPull"),
  },
  {
    name: "unschedulable",
    pod: { nodeSelector: { "no-such": "node" } },
    end: problem("unschedulable", "Unschedulable"),
    evidence: /nodes are available/,
  },
  {
    name: "no-room",
    container: { resources: { requests: { memory: "4000Gi" } } },
    end: problem("unschedulable", "Unschedulable"),
    evidence: /Insufficient memory/,
  },
  {
    name: "no-claim",
    container: { volumeMounts: [{ name: "v", mountPath: "/v" }] },
    pod: { volumes: [{ name: "v", persistentVolumeClaim: { claimName: "none" } }] },
    end: problem("unschedulable", "Unschedulable"),
    evidence: /persistentvolumeclaim "none" not found/,
  },
  {
    name: "deadline-unscheduled",
    pod: { nodeSelector: { "no-such": "node" } },
    spec: { activeDeadlineSeconds: 2 },
    end: problem("deadline", "Unschedulable"),
    evidence: /DeadlineExceeded/,
  },
  {
    name: "quota",
    policy: refused,
    prepare: quota({ pods: "0" }),
    end: problem("quota", "FailedCreate"),
    evidence: /exceeded quota/,
  },
  {
    name: "quota-unspecified",
    policy: refused,
    prepare: quota({ "limits.cpu": "1" }),
    end: problem("quota", "FailedCreate"),
    evidence: /must specify limits\.cpu/,
  },
  {
    name: "pod-security",
    policy: refused,
    namespaceLabels: { "pod-security.kubernetes.io/enforce": "restricted" },
    end: problem("admission", "FailedCreate"),
    evidence: /violates PodSecurity/,
  },
  {
    name: "no-account",
    policy: refused,
    pod: { serviceAccountName: "nobody" },
    end: problem("config", "FailedCreate"),
    evidence: /serviceaccount "nobody" not found/,
  },
  {
    name: "no-runtime-class",
    policy: refused,
    pod: { runtimeClassName: "none" },
    end: problem("admission", "FailedCreate"),
    evidence: /RuntimeClass "none" not found/,
  },
  {
    name: "no-secret",
    container: { env: secretEnv("none") },
    end: problem("config", "CreateContainerConfigError"),
    evidence: notThere("secret"),
  },
  {
    name: "no-configmap",
    container: { envFrom: [{ configMapRef: { name: "none" } }] },
    end: problem("config", "CreateContainerConfigError"),
    evidence: notThere("configmap"),
  },
  {
    name: "no-secret-volume",
    container: { volumeMounts: [{ name: "v", mountPath: "/v" }] },
    pod: { volumes: [{ name: "v", secret: { secretName: "none" } }] },
    end: problem("config", "FailedMount"),
    evidence: /secret "none" not found/,
    recordMs: 12_000,
  },
  {
    name: "init-failed",
    pod: { initContainers: [{ name: "setup", command: ["sh", "-c", "exit 7"] }] },
    end: { ...problem("init", "Error"), sure: true },
    evidence: /init container setup exited with code 7/,
  },
  {
    name: "init-image",
    pod: { initContainers: [{ name: "setup", image: "127.0.0.1:1/none:1" }] },
    end: { kind: "not-started", why: "image" },
  },
  {
    name: "crash-loop",
    script: "exit 1",
    pod: { restartPolicy: "OnFailure" },
    spec: { backoffLimit: 6 },
    recordMs: 12_000,
    end: { kind: "exited", exit: { code: 1 } },
  },
  {
    name: "node-refuses",
    container: { resources: { requests: { cpu: "4000" } } },
    pod: { nodeName: "NODE_NAME" },
    end: { ...problem("admission", "OutOfcpu"), sure: true },
    emulated: false,
  },
  { name: "suspended", spec: { suspend: true }, recordMs: 4_000, end: undefined },
];

export const startProblems: readonly State[] = problems.map((state) => ({ policy, ...state }));
