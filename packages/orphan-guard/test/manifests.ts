import type { JobManifestLike, Manifest } from "../src/index.ts";

let count = 0;

/** A Job with a name of its own, and a Secret for it. */
export function manifests(namespace: string): { job: JobManifestLike; secret: Manifest } {
  count += 1;
  const name = `run-${process.pid}-${count}`;
  const labels = { "orphan-guard-test": name };
  const securityContext = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    runAsNonRoot: true,
    runAsUser: 1000,
    seccompProfile: { type: "RuntimeDefault" },
  };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: 0,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 0,
          containers: [{ name: "main", image: "idle", imagePullPolicy: "Never", securityContext }],
        },
      },
    },
  };
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `${name}-input`, namespace, labels },
    data: { prompt: "aGVsbG8=" },
  };
  return { job, secret };
}
