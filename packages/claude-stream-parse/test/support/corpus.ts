import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

type LongText = { readonly length: number; readonly sha256: string; readonly head: string };

/** A real run's stdout, and by hand what it means. */
export type Capture = {
  readonly scenario: string;
  readonly bytes: Uint8Array;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stderr: string;
  readonly expectation: {
    readonly kind: string;
    readonly ok: boolean;
    readonly retry: string;
    readonly sessionId: string | null;
    readonly sessionIds: readonly string[];
    readonly initModel: string | null;
    readonly cliVersion: string | null;
    readonly answeringModels: readonly string[];
    readonly results: readonly unknown[];
    readonly finalText: { readonly text: string } | LongText | null;
    readonly lastAssistantText: { readonly text: string } | LongText | null;
    readonly runTokens: Readonly<Record<string, number>>;
    readonly runCostUsd: number | null;
    readonly eventsAfterLastResult?: readonly string[];
  };
};

/** Captures live beside the checkout, since they are too many for it. */
export const corpusFolder: URL = new URL("../../../../../shared/corpus/", import.meta.url);

export const corpusMissing: string | false = existsSync(corpusFolder)
  ? false
  : "no folder ../shared/corpus beside the checkout";

export function captures(): Capture[] {
  const names = readdirSync(corpusFolder).filter((name) => name.endsWith(".meta.json"));
  return names.map((name) => {
    const meta = JSON.parse(readFileSync(new URL(name, corpusFolder), "utf8")) as Capture & {
      file: string;
    };
    const stored = readFileSync(new URL(meta.file, corpusFolder));
    return { ...meta, bytes: meta.file.endsWith(".gz") ? gunzipSync(stored) : stored };
  });
}
