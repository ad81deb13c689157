import { createTranscript, renderEvent } from "@claude-k8s/claude-stream-parse";
import type { Surroundings } from "./surroundings.ts";
import type { TextTarget } from "./text-target.ts";

/** Where the program's output goes, piece by piece. */
export interface OutputView {
  write(text: string): Promise<void>;
  end(): Promise<void>;
}

/** As it is, byte for byte. */
export function rawView(target: TextTarget): OutputView {
  return { write: (text) => target.write(text), end: async () => {} };
}

/** Text, tools and their results, for reading; coloured where a terminal shows it and nobody asked for none. */
export function transcriptView(target: TextTarget, { env }: Pick<Surroundings, "env">): OutputView {
  const color = target.isTTY && !env["NO_COLOR"] && env["TERM"] !== "dumb";
  const options = { color, ...(target.columns === undefined ? {} : { width: target.columns }) };
  const transcript = createTranscript();
  const show = (events: ReturnType<typeof transcript.push>): Promise<void> =>
    target.write(
      events.flatMap((event) => renderEvent(event, options).map((line) => `${line}\n`)).join(""),
    );
  return {
    write: (text) => show(transcript.push(text)),
    end: () => show(transcript.end()),
  };
}
