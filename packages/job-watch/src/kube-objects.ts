/** The members of the API's objects that are read here, as JSON or as client-node hands them over. */
export type RawMetadata = {
  readonly name?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly creationTimestamp?: RawTime;
  readonly deletionTimestamp?: RawTime;
  readonly deletionGracePeriodSeconds?: number | null;
  readonly finalizers?: readonly string[] | null;
  readonly ownerReferences?: readonly {
    readonly kind?: string;
    readonly name?: string;
    readonly uid?: string;
    readonly controller?: boolean;
  }[];
};

/** client-node parses times into dates. */
export type RawTime = string | Date | null;

export type RawCondition = {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string | null;
  readonly message?: string | null;
};

export type RawJob = {
  readonly metadata?: RawMetadata;
  readonly spec?: {
    readonly suspend?: boolean | null;
    readonly ttlSecondsAfterFinished?: number | null;
  };
  readonly status?: { readonly conditions?: readonly RawCondition[] | null };
};

export type RawContainer = {
  readonly name?: string;
  readonly restartPolicy?: string | null;
  readonly resources?: { readonly limits?: Readonly<Record<string, string>> | null } | null;
};

export type RawTerminated = {
  readonly exitCode?: number | null;
  readonly signal?: number | null;
  readonly reason?: string | null;
  readonly message?: string | null;
  readonly startedAt?: RawTime;
  readonly finishedAt?: RawTime;
  readonly containerID?: string | null;
};

export type RawContainerStatus = {
  readonly name?: string;
  readonly containerID?: string | null;
  readonly ready?: boolean | null;
  readonly state?: {
    readonly waiting?: { readonly reason?: string | null; readonly message?: string | null } | null;
    readonly running?: { readonly startedAt?: RawTime } | null;
    readonly terminated?: RawTerminated | null;
  };
};

export type RawPod = {
  readonly metadata?: RawMetadata;
  readonly spec?: {
    readonly nodeName?: string | null;
    readonly restartPolicy?: string | null;
    readonly terminationGracePeriodSeconds?: number | null;
    readonly containers?: readonly RawContainer[];
    readonly initContainers?: readonly RawContainer[] | null;
  };
  readonly status?: {
    readonly phase?: string | null;
    readonly reason?: string | null;
    readonly message?: string | null;
    readonly conditions?: readonly RawCondition[] | null;
    readonly containerStatuses?: readonly RawContainerStatus[] | null;
    readonly initContainerStatuses?: readonly RawContainerStatus[] | null;
  };
};

export type RawNode = {
  readonly metadata?: RawMetadata;
  readonly status?: { readonly conditions?: readonly RawCondition[] | null };
};

export type RawEvent = {
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly metadata?: { readonly creationTimestamp?: string };
};

export type RawList<T> = {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
};
