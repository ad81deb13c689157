import type {
  Affinity,
  ContainerResources,
  DnsConfig,
  EnvFromSource,
  EnvVar,
  HostAlias,
  JobManifest,
  SecretManifest,
  Toleration,
  TopologySpreadConstraint,
  VolumeSource,
} from "./manifest-types.ts";

/** A program, what it is given, and what it may use. */
export type Program = {
  /** With a digest or a tag, as the kubelet pulls it. */
  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** The program and its arguments. It is exec'd: no shell ever parses them, `$(VAR)` stays as it is. */
  readonly argv: readonly string[];
  /** What the program reads from its standard input, to the byte. Absent: an empty input. Text is UTF-8. */
  readonly stdin?: Uint8Array | string;
  /** Literal values; `$(VAR)` in them stays as it is. They can be read by everyone who may read pods. */
  readonly env?: Readonly<Record<string, string>>;
  /** Values that only who may read Secrets can read. Wins over `env`. */
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** Values from Secrets, ConfigMaps and fields that exist already. Names in `env` and `secretEnv` win. */
  readonly envFrom?: {
    readonly vars?: readonly EnvVar[];
    readonly sources?: readonly EnvFromSource[];
  };
  /** Read-only files by absolute path, at most 1 MB each. Their content is in the run's Secret. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  /** Absolute. Default: the image's. */
  readonly workingDir?: string;
  /** Default: requests 250m and 512Mi, limits 2 and 2Gi, ephemeral storage up to 4Gi. */
  readonly resources?: ContainerResources;
};

/** A volume and where the program sees it. */
export type RunVolume = {
  /** A DNS label, not used twice. */
  readonly name: string;
  readonly source: VolumeSource;
  /** Absolute paths, none used twice. */
  readonly mounts: readonly {
    readonly path: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
  }[];
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
   * From the Job's start, waiting for a node and pulling included; the pod is killed without asking. Not
   * the way to limit a run's own time: who follows it can do that from its start. Default: none.
   */
  readonly activeDeadlineSeconds?: number;
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
  readonly placement?: Placement;
  readonly life?: Life;
  /** The Job is created without pods; a patch of `spec.suspend` starts it. Default false. */
  readonly suspend?: boolean;
};

export type RunManifests = { readonly job: JobManifest; readonly secrets: SecretManifest[] };

/** What is wrong with one place of a spec. */
export type Problem = {
  /** As in `program.env.PATH` or `volumes[0].mounts[1].path`. */
  readonly path: string;
  /** What stands there; a note of its size instead of anything secret. */
  readonly value: unknown;
  /** What should. */
  readonly rule: string;
};
