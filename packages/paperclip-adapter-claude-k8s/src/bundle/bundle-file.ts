import { createHash } from "node:crypto";

/** A file of a bundle: path below its root, with `/` between the parts, and content. */
export interface BundleFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly isExecutable: boolean;
}

/** Changes when, and only when, what an agent can see of the files does; their order does not matter. */
export function bundleKey(files: readonly BundleFile[]): string {
  const hash = createHash("sha256");
  for (const { path, content, isExecutable } of files.toSorted(byPath))
    hash.update(`${path}\0${content.length}\0${isExecutable ? "x" : "-"}\0`).update(content);
  return hash.digest("hex");
}

/** In the order of code units, which is the same on every machine. */
export function byPath(one: { readonly path: string }, other: { readonly path: string }): number {
  if (one.path === other.path) return 0;
  return one.path < other.path ? -1 : 1;
}

export function bytesOf(files: readonly BundleFile[]): number {
  return files.reduce((sum, { content }) => sum + content.length, 0);
}
