import { createTranscript, renderEvent } from "@claude-k8s/claude-stream-parse";
import type { Screen } from "../terminal/screen.ts";

/** Shows a run's output as it comes: text, tools and their results, for reading. */
export interface TranscriptView {
  write(text: string): void;
  end(): void;
}

export function transcriptView(screen: Screen): TranscriptView {
  const { color, width } = screen;
  const indent = "  ";
  const transcript = createTranscript();
  const show = (events: ReturnType<typeof transcript.push>): void => {
    for (const event of events)
      for (const line of renderEvent(event, { color, width: width - indent.length }))
        screen.line(`${indent}${line}`);
  };
  return {
    write: (text) => show(transcript.push(text)),
    end: () => show(transcript.end()),
  };
}
