import type { ContainerResources, EnvFromSource, EnvVar, Probe } from "./pod-types.ts";
import type { ProgramFile } from "./program-file.ts";

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
  /** Read-only files by absolute path, at most 1 MB each. Their content is in the run's Secrets. */
  readonly files?: Readonly<Record<string, ProgramFile>>;
  /**
   * Absolute paths without which the program does not start: the container ends with exit code 66 and a line
   * that names the path. For what lies on a volume; a `subPath` that is not there is made, and is empty.
   */
  readonly needs?: readonly string[];
  /** Absolute. Default: the image's. */
  readonly workingDir?: string;
  /**
   * Quantities. What is left out has a default: requests 250m and 512Mi, limits 4 CPUs, 8Gi and 4Gi of
   * ephemeral storage, moved where a given one would contradict. An empty text means none.
   */
  readonly resources?: ContainerResources;
  /**
   * Nothing can be written but to volumes and `scratch`. On is safer; off by default, for many programs
   * write beside themselves.
   */
  readonly readOnlyRoot?: boolean;
  /**
   * Writable folders, empty at the start and gone with the pod. Default: `/tmp` with `readOnlyRoot`, unless
   * a volume is there.
   */
  readonly scratch?: readonly string[];
};

/** A container that runs beside the program from before its start until after its end. */
export type Sidecar = {
  /** A DNS label, not that of another container. */
  readonly name: string;
  readonly image: string;
  readonly imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  /** Default: what the image says. `$(VAR)` stays as it is. */
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly secretEnv?: Readonly<Record<string, string>>;
  /** As the program's, without defaults. */
  readonly resources?: ContainerResources;
  readonly readOnlyRoot?: boolean;
  /** Of the run's volumes, by their names. */
  readonly mounts?: readonly (RunMount & { readonly volume: string })[];
  /** The program starts only when this succeeds. */
  readonly startupProbe?: Probe;
};

/**
 * A container that does something before the program and ends: the program starts when it has ended with 0,
 * and never when it has not.
 */
export type Preparation = Omit<Program, "stdin" | "files" | "needs" | "scratch"> & {
  /** A DNS label, not that of another container. */
  readonly name: string;
  /** Of the run's volumes, by their names. */
  readonly mounts?: readonly (RunMount & { readonly volume: string })[];
};

export type RunMount = {
  /** Absolute. No two of a container are the same. */
  readonly path: string;
  /** Relative to the volume. */
  readonly subPath?: string;
  readonly readOnly?: boolean;
};
