import type { JobManifest, SecretManifest } from "./manifest-types.ts";
import type {
  Affinity,
  DnsConfig,
  HostAlias,
  Toleration,
  TopologySpreadConstraint,
  VolumeSource,
} from "./pod-types.ts";
import type { Preparation, Program, RunMount, Sidecar } from "./program-types.ts";

/** A volume and where the program sees it. */
export type RunVolume = {
  /** A DNS label, not used twice. */
  readonly name: string;
  readonly source: VolumeSource;
  readonly mounts: readonly RunMount[];
  /**
   * Of a claim. `ReadWriteOnce` can be used on one node only: pods that name it so go where the first of
   * them is, instead of waiting for a volume that cannot come.
   */
  readonly accessMode?: "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany" | "ReadOnlyMany";
};

/** Where the pod may run and what it is given by the cluster. */
export type Placement = {
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly Toleration[];
  readonly affinity?: Affinity;
  readonly topologySpreadConstraints?: readonly TopologySpreadConstraint[];
  readonly priorityClassName?: string;
  readonly runtimeClassName?: string;
  readonly schedulerName?: string;
  /** Its token is not mounted. Default: the namespace's `default`. */
  readonly serviceAccountName?: string;
  /** Names of Secrets. */
  readonly imagePullSecrets?: readonly string[];
  readonly dnsPolicy?: "ClusterFirst" | "ClusterFirstWithHostNet" | "Default" | "None";
  readonly dnsConfig?: DnsConfig;
  readonly hostAliases?: readonly HostAlias[];
};

/** How long things may last. */
export type Life = {
  /** After the end, the Job and its pods are kept so long. Default 86,400. */
  readonly ttlSecondsAfterFinished?: number;
  /** Between SIGTERM and SIGKILL. Default 10. */
  readonly terminationGracePeriodSeconds?: number;
  /**
   * From the Job's start (its resumption, when it was created suspended), the wait for a node and for the
   * image included. A backstop: the Job fails and its pod is deleted with its log. Default: none.
   */
  readonly activeDeadlineSeconds?: number;
  /**
   * From when a node took the pod: a queue is not counted, pulling the image is. The node ends the program
   * (SIGTERM, the grace period, SIGKILL) and the pod stays, with its log. Default: none.
   */
  readonly runLimitSeconds?: number;
};

/** Who the program is. */
export type Identity = {
  /** Default 1000. Not 0. */
  readonly uid?: number;
  /** Default 1000. */
  readonly gid?: number;
  /** Group of the volumes. Default 1000. */
  readonly fsGroup?: number;
};

/** One run of a program with an input, as a Job. */
export type RunSpec = {
  /** Of the Job, at most 57 characters so that pod names fit. See `jobName`. */
  readonly name: string;
  readonly namespace: string;
  /** On Job, pod and Secrets. */
  readonly labels: Readonly<Record<string, string>>;
  /** On Job and pod. Nothing secret: everyone who may read pods reads them. */
  readonly annotations?: Readonly<Record<string, string>>;
  readonly program: Program;
  /** Of the container. Default `main`. */
  readonly containerName?: string;
  /**
   * Of the run's first Secret; further ones add `-1`, `-2`. Give each attempt its own: a name comes free
   * only some time after the Job that owned it. Default: the Job's name and `-input`.
   */
  readonly secretName?: string;
  readonly identity?: Identity;
  readonly volumes?: readonly RunVolume[];
  readonly sidecars?: readonly Sidecar[];
  /** One after the other, each after the sidecars have started. The first that fails ends the run. */
  readonly preparations?: readonly Preparation[];
  readonly placement?: Placement;
  readonly life?: Life;
  /** The Job is created without pods; a patch of `spec.suspend` starts it. Default false. */
  readonly suspend?: boolean;
  /**
   * Merged into the pod template by the rules of a strategic merge patch: records by their keys; lists of
   * containers, volumes, env, mounts, tolerations and the like by theirs; `null` removes; other lists are
   * replaced. `forbiddenOverlayFields` lists what it may not touch.
   */
  readonly overlay?: PodTemplateOverlay;
  /** The last word on the Job. What the run stands on is checked after it. */
  readonly transform?: (job: JobManifest) => JobManifest;
};

export type PodTemplateOverlay = {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  /** Parts of a PodSpec, as Kubernetes writes it. */
  readonly spec?: object;
};

export type RunManifests = { readonly job: JobManifest; readonly secrets: SecretManifest[] };

/** What is wrong with one place of a spec. */
export type Problem = {
  /** As in `program.env.PATH` or `volumes[0].mounts[1].path`. */
  readonly path: string;
  /** What stands there. In parentheses what kind of thing, when it cannot or must not be shown. */
  readonly value: string | number | boolean;
  /** What should. */
  readonly rule: string;
};
