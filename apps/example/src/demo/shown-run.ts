import { randomUUID } from "node:crypto";
import type { AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { counting } from "../cluster/counting.ts";
import { kubeConfigOf } from "../cluster/kubeconfig.ts";
import { createHost, type Host } from "../host/host.ts";
import { replayConfig } from "../host/replay-config.ts";
import type { Screen } from "../terminal/screen.ts";
import type { Place } from "./place.ts";
import { transcriptView } from "./transcript.ts";

export interface RunToShow {
  readonly place: Place;
  /** Name of the recording that is played. */
  readonly recording: string;
  readonly speed: number;
  readonly screen: Screen;
  readonly signal: AbortSignal;
}

/** A run that was shown, with what must be known to judge it. Times are those of `performance.now()`. */
export interface ShownRun {
  readonly host: Host;
  readonly result: AdapterExecutionResult;
  readonly began: number;
  readonly returned: number;
  /** Of everything the adapter did for it. */
  readonly requests: number;
}

const prompt = "The check of this project fails. Find out why, mend it, and leave a note.";

/** Has the agent Ada do one turn, and shows its phases and its transcript as they come. */
export async function showRun(run: RunToShow): Promise<ShownRun> {
  const { place, screen, signal } = run;
  const began = performance.now();
  const say = (text: string, at: number): void =>
    screen.line(`${screen.dim(`${((at - began) / 1_000).toFixed(2).padStart(6)} s`)}  ${text}`);
  const view = transcriptView(screen);
  let phase = "";
  const host = createHost({
    runId: randomUUID(),
    agentId: "ada",
    config: {
      namespace: place.namespace,
      image: place.image,
      promptTemplate: prompt,
      ...replayConfig({ scenario: run.recording, speed: run.speed }),
    },
    signal,
    listener: {
      output: (text) => view.write(text),
      phase(text, at) {
        // A phase that is told again is no other phase.
        if (text !== phase) say(text, at);
        phase = text;
      },
    },
  });
  say(`A prompt of ${prompt.length} characters for the agent Ada`, began);
  const counted = counting(kubeConfigOf(place.kubeConfig));
  const result = await createServerAdapter({ kubeConfig: counted.config }).execute(host.context);
  const returned = performance.now();
  view.end();
  say(result.errorMessage ?? "The result is there", returned);
  return { host, result, began, returned, requests: counted.requests() };
}
