import { readdirSync, readFileSync } from "node:fs";
import type { JobPolicy } from "../../src/index.ts";
import type { RawEvent, RawMetadata } from "../../src/kube-objects.ts";

/** What a real cluster wrote while a Job came to one state. */
export interface Recording {
  readonly state: string;
  readonly kubernetes: string;
  readonly uid: string;
  readonly policy?: JobPolicy;
  /** What a watch must end with; absent: it must go on. */
  readonly end?: Readonly<Record<string, unknown>>;
  /** A regular expression for the evidence. */
  readonly evidence?: string;
  readonly messages: readonly Message[];
}

export interface Message {
  /** Milliseconds since the Job was made. */
  readonly at: number;
  readonly resource: "jobs" | "pods" | "events";
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: RecordedObject;
}

export type RecordedObject = RawEvent & {
  readonly metadata: RawMetadata & { readonly name: string; readonly uid: string };
  readonly involvedObject?: { readonly kind: string; readonly name: string };
};

const folder = new URL("../recordings/", import.meta.url);

/** All of them, by name. */
export function recordings(): readonly Recording[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .toSorted()
    .map((name) => {
      const [head, ...messages] = readFileSync(new URL(name, folder), "utf8")
        .trim()
        .split("\n")
        .map((line): unknown => JSON.parse(line));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as apps/example's recorder writes it
      const recording = { ...(head as object), messages } as unknown as Recording;
      // Time begins with the Job, not with the request that made it.
      const zero = recording.messages.find(({ resource }) => resource === "jobs")?.at ?? 0;
      const moved = recording.messages.map((one) => ({ ...one, at: Math.max(0, one.at - zero) }));
      return { ...recording, messages: moved };
    });
}
