import type { KubeHttp } from "@claude-k8s/kube-http";
import type { JobPolicy } from "@claude-k8s/job-watch";
import type { V1Container, V1Job, V1JobSpec, V1Pod, V1PodSpec } from "@kubernetes/client-node";

/** A cluster with a namespace that one state has for itself. */
export interface StateWorld {
  readonly http: KubeHttp;
  readonly namespace: string;
  /** Image with `sh`, `sleep` and `tail`. */
  readonly image: string;
  /** Of one node; `NODE_NAME` in a state stands for it. */
  readonly nodeName: string;
  /** Of a registry without images on the node's machine; `REGISTRY_PORT` in a state stands for it. */
  readonly registryPort: number;
  readonly signal: AbortSignal;
}

/** What is seen of the state's Job while it comes about. */
export interface StateSeen {
  readonly job: V1Job;
  readonly pod: V1Pod | undefined;
}

/** One way in which a Job can stand or end, how to bring a cluster there, and what must be found out. */
export interface State {
  /** Also the name of its recording. */
  readonly name: string;
  /** Run by `sh -c` in the container `main`. Default `true`. */
  readonly script?: string;
  readonly spec?: Partial<V1JobSpec>;
  readonly pod?: Partial<V1PodSpec>;
  readonly container?: Partial<V1Container>;
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Before the Job is made. */
  readonly prepare?: (world: StateWorld) => Promise<unknown>;
  /** Done once, when `when` first holds. */
  readonly act?: {
    readonly when: (seen: StateSeen) => boolean;
    readonly does: (world: StateWorld, seen: StateSeen) => Promise<unknown>;
  };
  /** Of the watch, so that a state is an end within seconds. */
  readonly policy?: JobPolicy;
  /** What a watch must end with (`toMatchObject`); `undefined`: it must go on. */
  readonly end: Readonly<Record<string, unknown>> | undefined;
  /** What the evidence must name. */
  readonly evidence?: RegExp;
  /** How long to watch, in milliseconds, when the Job does not finish. */
  readonly recordMs?: number;
  /** What it needs beside a cluster: a registry on the node's own machine, an idle node, a fault of it. */
  readonly needs?: "registry" | "whole-node" | "kubelet-down" | "apiserver-down";
  /** Whether the emulator has this state too. */
  readonly emulated?: false;
}

/** The manifest of a state's Job. Passes Pod Security `restricted` but for what the state itself asks for. */
export function stateJob(
  state: State,
  world: Omit<StateWorld, "http" | "signal">,
  name: string,
): V1Job {
  const text = JSON.stringify(manifest(state, world, name))
    .replaceAll("NODE_NAME", world.nodeName)
    .replaceAll("REGISTRY_PORT", String(world.registryPort));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same object with two words replaced
  return JSON.parse(text) as V1Job;
}

function manifest(
  state: State,
  world: Pick<StateWorld, "image" | "namespace">,
  name: string,
): V1Job {
  const labels = { state: name };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, namespace: world.namespace, labels },
    spec: {
      backoffLimit: 0,
      ...state.spec,
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 2,
          automountServiceAccountToken: false,
          ...state.pod,
          containers: [
            {
              name: "main",
              image: world.image,
              imagePullPolicy: "IfNotPresent",
              command: ["sh", "-c", state.script ?? "true"],
              ...state.container,
            },
            ...(state.pod?.containers ?? []),
          ].map((one) => withImage(one, world.image)),
          ...(state.pod?.initContainers === undefined
            ? {}
            : {
                initContainers: state.pod.initContainers.map((one) => withImage(one, world.image)),
              }),
        },
      },
    },
  };
}

function withImage(container: V1Container, image: string): V1Container {
  return Object.assign({ image }, container);
}

export const runs = ({ pod }: StateSeen): boolean =>
  pod?.status?.containerStatuses?.some(
    (one) => one.name === "main" && one.state?.running != null,
  ) === true;

export const nameOf = (object: V1Job | V1Pod | undefined): string => object?.metadata?.name ?? "";
