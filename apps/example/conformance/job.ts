import { randomBytes } from "node:crypto";
import type { V1Container, V1Job, V1JobSpec, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import type { ClusterUnderTest } from "./cluster.ts";
import { create } from "./objects.ts";

/** A name that no other test of the file has. */
export function newName(word: string): string {
  return `${word}-${randomBytes(3).toString("hex")}`;
}

export interface JobParts {
  readonly name?: string;
  /** Of the Job and of its pod. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec?: Partial<V1JobSpec>;
  readonly pod?: Partial<V1PodSpec>;
  readonly container?: Partial<V1Container>;
}

/** A Job whose one container `main` runs a shell script, once. */
export function jobOf(cluster: ClusterUnderTest, script: string, parts: JobParts = {}): V1Job {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: parts.name ?? newName("job"), labels: { ...parts.labels } },
    spec: {
      backoffLimit: 0,
      ...parts.spec,
      template: {
        metadata: { labels: { ...parts.labels } },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: "main",
              image: cluster.image,
              imagePullPolicy: "IfNotPresent",
              command: ["sh", "-c", script],
              ...parts.container,
            },
          ],
          ...parts.pod,
        },
      },
    },
  };
}

/** Creates it; answers its name and uid. */
export async function runJob(
  cluster: ClusterUnderTest,
  script: string,
  parts: JobParts = {},
): Promise<{ readonly name: string; readonly uid: string }> {
  const job = await create<V1Job>(cluster, "jobs", jobOf(cluster, script, parts));
  return { name: job.metadata?.name ?? "", uid: job.metadata?.uid ?? "" };
}

export function nameOf(pod: V1Pod): string {
  return pod.metadata?.name ?? "";
}

export const isRunning = (pod: V1Pod): boolean =>
  pod.status?.containerStatuses?.[0]?.state?.running !== undefined;

export const isTerminated = (pod: V1Pod): boolean =>
  pod.status?.containerStatuses?.[0]?.state?.terminated !== undefined;

/** Of a short program a busy cluster may show the end without ever having shown that it runs. */
export const hasStarted = (pod: V1Pod): boolean => isRunning(pod) || isTerminated(pod);

/** The condition of this type that is `True`. */
export function condition(
  object: V1Job | V1Pod,
  type: string,
): { readonly reason?: string; readonly message?: string } | undefined {
  return object.status?.conditions?.find((one) => one.type === type && one.status === "True");
}
