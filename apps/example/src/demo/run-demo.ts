import { randomUUID } from "node:crypto";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { createTranscript } from "@claude-k8s/claude-stream-parse";
import { counting } from "../cluster/counting.ts";
import { kubeConfigOf } from "../cluster/kubeconfig.ts";
import { leftBehind } from "../cluster/left-behind.ts";
import { createHost } from "../host/host.ts";
import { replayConfig } from "../host/replay-config.ts";
import { recordedBytes, type Recording } from "../recorder/recording.ts";
import type { Screen } from "../terminal/screen.ts";
import { rows } from "./figures.ts";
import type { Place } from "./place.ts";
import { proof } from "./proof.ts";
import { transcriptView } from "./transcript.ts";

export interface DemoRun {
  readonly place: Place;
  readonly recording: Recording;
  readonly speed: number;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

const leftWithinMs = 15_000;
/** The session that is shown. */
export const demoRecording = "healthy";
const prompt = "The check of this project fails. Find out why, mend it, and leave a note.";

/** Runs the recorded session in the place, shows it, and checks what it showed. Answers whether all was true. */
export async function runDemo(demo: DemoRun): Promise<boolean> {
  const { place, recording, screen, signal } = demo;
  const began = performance.now();
  const view = transcriptView(screen);
  let shown = "";
  const host = createHost({
    runId: randomUUID(),
    agentId: "ada",
    config: {
      namespace: place.namespace,
      image: place.image,
      promptTemplate: prompt,
      ...replayConfig({ scenario: demoRecording, speed: demo.speed }),
    },
    signal,
    listener: {
      output: (text) => view.write(text),
      phase: (text, at) => {
        // A pod's container can start so quickly that a phase is told twice.
        if (text !== shown) screen.line(`${clock(screen, at - began)}  ${text}`);
        shown = text;
      },
    },
  });
  screen.line(`${clock(screen, 0)}  A prompt of ${prompt.length} characters for the agent Ada`);
  const counted = counting(kubeConfigOf(place.kubeConfig));
  const result = await createServerAdapter({ kubeConfig: counted.config }).execute(host.context);
  const returned = performance.now();
  view.end();
  screen.line(
    `${clock(screen, returned - began)}  ${result.errorMessage ?? "The result is there"}`,
  );
  if (signal.aborted) return false;

  const recorded = recordedBytes(recording, "stdout");
  const transcript = createTranscript();
  transcript.push(host.output());
  transcript.end();
  showTable(
    screen,
    rows({
      result,
      summary: transcript.summary,
      lines: host.output().split("\n").length - 1,
      bytes: Buffer.byteLength(host.output()),
      startMs: host.times.first === undefined ? undefined : host.times.first - began,
      settleMs:
        host.times.last === undefined
          ? undefined
          : returned - host.times.last - quietAtEnd(recording, demo.speed),
      requests: counted.requests(),
    }),
  );
  const left = await leftBehind(place.http, {
    namespace: place.namespace,
    withinMs: leftWithinMs,
    signal,
  });
  const checks = proof({ recorded, output: host.output(), result, left });
  for (const { what, isTrue, instead } of checks)
    screen.line(
      isTrue ? `  ${screen.good("✓")} ${what}` : `  ${screen.bad("✗")} ${what}: ${instead}`,
    );
  return checks.every(({ isTrue }) => isTrue);
}

/** Between the program's last line and its exit: recorded, so not time that the adapter took. */
function quietAtEnd({ chunks, end }: Recording, speed: number): number {
  return Math.max(0, end.at - (chunks.at(-1)?.at ?? end.at)) / speed;
}

function showTable(screen: Screen, table: readonly (readonly [string, string])[]): void {
  const width = Math.max(...table.map(([word]) => word.length));
  screen.line();
  for (const [word, value] of table) screen.line(`  ${screen.dim(word.padEnd(width))}  ${value}`);
  screen.line();
}

function clock(screen: Screen, ms: number): string {
  return screen.dim(`${(ms / 1_000).toFixed(2).padStart(6)} s`);
}
