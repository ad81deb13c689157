import type { Problem } from "./types.ts";

const marker = Symbol.for("@claude-k8s/k8s-job-manifest.error");

/** Its only code: the spec cannot become manifests. `problems` holds everything that is wrong with it. */
export type JobManifestErrorCode = "JOB_MANIFEST_INVALID";

export class JobManifestError extends Error {
  override readonly name = "JobManifestError";
  readonly code: JobManifestErrorCode = "JOB_MANIFEST_INVALID";
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(["the run cannot be built:", ...problems.map(sentence)].join("\n- "));
    this.problems = problems;
    Object.defineProperty(this, marker, { value: true });
  }

  /** True for instances from any copy of this package. */
  static isInstance(error: unknown): error is JobManifestError {
    return error instanceof Error && marker in error;
  }
}

function sentence({ path, value, rule }: Problem): string {
  const text = JSON.stringify(value);
  const shown = text.length > 100 ? `${text.slice(0, 100)}…` : text;
  return `${path} must be ${rule}, but is ${shown}`;
}
