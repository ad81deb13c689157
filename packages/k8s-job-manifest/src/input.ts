import type { SecretManifest } from "./manifest-types.ts";
import type { KeyToPath, Volume, VolumeMount } from "./pod-types.ts";
import { contentOf, fileMode, modeOf } from "./program-file.ts";
import { type Entry, pieces } from "./secret-pieces.ts";
import type { RunSpec } from "./types.ts";

/** Where the program's input is mounted. No mount of the caller's may be there. */
export const inputDirectory = "/run/claude-k8s/input";

/** Where an input that comes in several pieces is put together, in memory. */
export const joinedDirectory = "/run/claude-k8s/joined";

/** Volume names that are ours. */
export const inputVolume = "run-input";
export const joinedVolume = "run-joined";

const stdinKey = "stdin";
const joinedFile = `${joinedDirectory}/${stdinKey}`;

/** What of a run must not be read by everyone who may read pods, and how the pod gets it. */
export type Input = {
  readonly secrets: SecretManifest[];
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
  /** Together, in this order, the files are the standard input. */
  readonly stdin: { readonly files: readonly string[]; readonly joined: string };
  /** The Secret that holds a key. */
  readonly secretOf: (key: string) => string;
};

/** A container that is not the program's. */
export type Beside = { readonly kind: "sidecar" | "preparation"; readonly name: string };

/**
 * The Secret key of a variable. Every name that is valid for a variable is so for a key; a container's name
 * has no dot, so no two variables meet.
 */
export function envKey(name: string, beside?: Beside): string {
  return beside === undefined ? `env.${name}` : `${beside.kind}.${beside.name}.${name}`;
}

export function runInput(spec: RunSpec): Input {
  const named = pieces(entries(spec)).map((data, index) => ({
    name: secretName(spec, index),
    data,
  }));
  const holders = new Map(
    named.flatMap(({ name, data }) => [...data.keys()].map((key) => [key, name])),
  );
  const stdinKeys = [...holders.keys()].filter((key) => key.startsWith(stdinKey));
  const isJoined = stdinKeys.length > 1;
  const modes = new Map(
    Object.values(spec.program.files ?? {}).map((file, index) => [fileKey(index), modeOf(file)]),
  );
  const sources = named.flatMap(({ name, data }) => {
    const items = [...data.keys()].filter(isFile).map((key): KeyToPath => {
      const mode = modes.get(key);
      return { key, path: key, ...(mode === undefined ? {} : { mode }) };
    });
    return items.length === 0 ? [] : [{ name, items }];
  });
  return {
    secrets: named.map(({ name, data }) => secret(spec, name, data)),
    volumes: [volume(sources), ...(isJoined ? [joined(spec)] : [])],
    mounts: [
      { name: inputVolume, mountPath: inputDirectory, readOnly: true },
      ...(isJoined ? [{ name: joinedVolume, mountPath: joinedDirectory }] : []),
      ...Object.keys(spec.program.files ?? {}).map((mountPath, index) => {
        return { name: inputVolume, mountPath, subPath: fileKey(index), readOnly: true };
      }),
    ],
    stdin: { files: stdinKeys.map((key) => `${inputDirectory}/${key}`), joined: joinedFile },
    secretOf: (key) => holders.get(key) ?? "",
  };
}

/** Small values first, so that they share the first Secret with the beginning of the input. */
function entries({ program, sidecars = [], preparations = [] }: RunSpec): Entry[] {
  const values = (record: Readonly<Record<string, string>> = {}, beside?: Beside) =>
    Object.entries(record).map(([name, value]) => ({
      key: envKey(name, beside),
      content: bytes(value),
    }));
  return [
    ...values(program.secretEnv),
    ...sidecars.flatMap(({ name, secretEnv }) => values(secretEnv, { kind: "sidecar", name })),
    ...preparations.flatMap(({ name, secretEnv }) =>
      values(secretEnv, { kind: "preparation", name }),
    ),
    ...Object.values(program.files ?? {}).map((file, index) => {
      return { key: fileKey(index), content: bytes(contentOf(file)) };
    }),
    {
      key: stdinKey,
      content: bytes(program.stdin ?? ""),
      cut: (index) => `${stdinKey}-${index}`,
    },
  ];
}

function volume(sources: readonly { name: string; items: KeyToPath[] }[]): Volume {
  const [only, ...more] = sources;
  if (only !== undefined && more.length === 0)
    return {
      name: inputVolume,
      secret: { secretName: only.name, defaultMode: fileMode, items: only.items },
    };
  const projected = { defaultMode: fileMode, sources: sources.map((secret) => ({ secret })) };
  return { name: inputVolume, projected };
}

/** In memory, as the Secrets' own volume is: an input is never on a node's disk. */
function joined({ program }: RunSpec): Volume {
  const mebibytes = Math.ceil(bytes(program.stdin ?? "").length / 2 ** 20) + 1;
  return { name: joinedVolume, emptyDir: { medium: "Memory", sizeLimit: `${mebibytes}Mi` } };
}

/** Whether a value is mounted rather than put into the environment. */
function isFile(key: string): boolean {
  return !/^(?:env|sidecar|preparation)\./.test(key);
}

function secretName(spec: RunSpec, index: number): string {
  const first = spec.secretName ?? `${spec.name}-input`;
  return index === 0 ? first : `${first}-${index}`;
}

function secret(
  spec: RunSpec,
  name: string,
  data: ReadonlyMap<string, Uint8Array>,
): SecretManifest {
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

export function bytes(content: Uint8Array | string): Uint8Array {
  return typeof content === "string" ? new TextEncoder().encode(content) : content;
}

function base64(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString("base64");
}
