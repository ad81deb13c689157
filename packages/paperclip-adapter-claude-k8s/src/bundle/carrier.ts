import type { BundleFile } from "./bundle-file.ts";
import { bytesOf } from "./bundle-file.ts";

/** What carries a bundle to the pod, and how much of it. */
export interface Carrier {
  /** As in `the run's Secrets hold at most …`. */
  readonly name: string;
  readonly bytes: number;
  readonly fileBytes: number;
  readonly files: number;
  /** Paths that it cannot bring to their place; absent: it takes any. */
  readonly refuses?: RegExp;
}

/**
 * Several Secrets of 1 MB each. They are held by etcd, whose database is 2 GiB by default, and by the memory
 * of API server and node, as long as the run lasts; each file is a mount of its own in the pod.
 */
export const secrets: Carrier = {
  name: "the run's Secrets hold",
  bytes: 4 * 2 ** 20,
  fileBytes: 1_000_000,
  files: 500,
  refuses: /:/, // No mount's path has one.
};

/** Read whole into memory and compared at each run: a bundle is instructions, not data. */
export const volume: Carrier = {
  name: "a bundle on the volume holds",
  bytes: 64 * 2 ** 20,
  fileBytes: 64 * 2 ** 20,
  files: 5_000,
};

/** Files that go together or not at all. */
export interface BundlePart {
  /** Begins the sentence "… was left out". */
  readonly what: string;
  readonly files: readonly BundleFile[];
}

export interface FittedParts {
  readonly files: readonly BundleFile[];
  readonly warnings: readonly string[];
}

/** As many parts as there is room for, in their order. A run without one skill is better than none. */
export function fit(parts: readonly BundlePart[], carrier: Carrier): FittedParts {
  const files: BundleFile[] = [];
  const warnings: string[] = [];
  let bytes = carrier.bytes;
  for (const part of parts) {
    const problem = problemOf(part, carrier, { bytes, files: carrier.files - files.length });
    if (problem !== undefined) {
      warnings.push(`${part.what} was left out: ${problem}`);
      continue;
    }
    files.push(...part.files);
    bytes -= bytesOf(part.files);
  }
  return { files, warnings };
}

function problemOf(
  { files }: BundlePart,
  carrier: Carrier,
  free: { readonly bytes: number; readonly files: number },
): string | undefined {
  const size = bytesOf(files);
  const odd = files.find(({ path }) => carrier.refuses?.test(path) === true);
  if (odd !== undefined) return `${carrier.name} no file with the name ${odd.path}`;
  const large = files.find(({ content }) => content.length > carrier.fileBytes);
  if (large !== undefined)
    return `${large.path} has ${large.content.length} bytes, and ${carrier.name} at most ${carrier.fileBytes} of one file`;
  if (size > free.bytes)
    return `it has ${size} bytes, and ${carrier.name} at most ${carrier.bytes}, of which ${free.bytes} are free`;
  if (files.length > free.files)
    return `it has ${files.length} files, and ${carrier.name} at most ${carrier.files}, of which ${free.files} are free`;
  return undefined;
}
