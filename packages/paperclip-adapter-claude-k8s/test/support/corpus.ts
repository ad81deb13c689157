import { existsSync, readdirSync, readFileSync } from "node:fs";
import { constants } from "node:os";
import { gunzipSync } from "node:zlib";

/** A real run of the CLI: its output, how it ended, and by hand what that means. */
export interface Capture {
  readonly scenario: string;
  readonly bytes: Uint8Array;
  readonly stderr: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly expectation: {
    readonly kind: string;
    readonly ok: boolean;
    readonly sessionId: string | null;
    readonly results: readonly unknown[];
    readonly initModel: string | null;
    readonly runTokens: {
      readonly inputTokens: number;
      readonly outputTokens: number;
      readonly cacheReadTokens: number;
      readonly cacheWriteTokens: number;
    };
    readonly runCostUsd: number | null;
  };
}

/** Captures live beside the checkout, since they are too many for it. */
const folder = new URL("../../../../../shared/corpus/", import.meta.url);

export const corpusMissing: string | false = existsSync(folder)
  ? false
  : "no folder ../shared/corpus beside the checkout";

export function captures(): Capture[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".meta.json"));
  return names.map((name) => {
    const meta = JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Capture & {
      file: string;
    };
    const stored = readFileSync(new URL(meta.file, folder));
    return { ...meta, bytes: meta.file.endsWith(".gz") ? gunzipSync(stored) : stored };
  });
}

/** As a container runtime reports it: a signal's number and 128. */
export function containerCode({ exitCode, signal }: Capture): number {
  return exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]);
}
