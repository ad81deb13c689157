import { secretEnvKey } from "./environment.ts";
import type { SecretManifest, Volume, VolumeMount } from "./manifest-types.ts";
import type { RunSpec } from "./types.ts";

/** Where the program's input is mounted. */
export const inputDirectory = "/run/claude-k8s";

/** Of the volume that holds it; no volume of the caller's may have this name. */
export const inputVolume = "run-input";

const stdinKey = "stdin";

/** Readable by the owner and the volumes' group, written by nobody. */
const fileMode = 0o440;

/** What of a run must not be read by everyone who may read pods, and how the pod gets it. */
export type Input = {
  readonly secrets: SecretManifest[];
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  /** Names in `inputDirectory`; together, in this order, they are the standard input. */
  readonly stdinFiles: string[];
  /** The Secret that holds a key. */
  readonly secretOf: (key: string) => string;
};

export function runInput(spec: RunSpec): Input {
  const { stdin = "", secretEnv = {}, files = {} } = spec.program;
  const paths = Object.keys(files);
  const data = new Map<string, Uint8Array>([
    [stdinKey, bytes(stdin)],
    ...Object.values(files).map((content, index) => [fileKey(index), bytes(content)] as const),
    ...Object.entries(secretEnv).map(
      ([name, value]) => [secretEnvKey(name), bytes(value)] as const,
    ),
  ]);
  const name = spec.secretName ?? `${spec.name}-input`;
  const mounted = [stdinKey, ...paths.map((_, index) => fileKey(index))];
  return {
    secrets: [secret(spec, name, data)],
    volumes: [
      {
        name: inputVolume,
        secret: {
          secretName: name,
          defaultMode: fileMode,
          items: mounted.map((key) => ({ key, path: key })),
        },
      },
    ],
    mounts: [
      { name: inputVolume, mountPath: inputDirectory, readOnly: true },
      ...paths.map((mountPath, index) => ({
        name: inputVolume,
        mountPath,
        subPath: fileKey(index),
        readOnly: true,
      })),
    ],
    stdinFiles: [stdinKey],
    secretOf: () => name,
  };
}

function secret(spec: RunSpec, name: string, data: Map<string, Uint8Array>): SecretManifest {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: spec.namespace, labels: { ...spec.labels } },
    type: "Opaque",
    immutable: true,
    data: Object.fromEntries([...data].map(([key, value]) => [key, base64(value)])),
  };
}

function fileKey(index: number): string {
  return `file-${index}`;
}

function bytes(content: Uint8Array | string): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function base64(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64");
}
