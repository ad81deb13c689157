import {
  type ClaudeEvent,
  type ClaudeSummary,
  createTranscript,
  type Verdict,
  verdict,
} from "@claude-k8s/claude-stream-parse";

/** What is known of the program's output at a moment. */
export interface TranscriptEnd {
  readonly summary: ClaudeSummary;
  /** The first lines, bounded: what a person is shown when there is no result. */
  readonly head: string;
  readonly lines: number;
  /** An answer that the model broke off before its first token. */
  readonly emptyReply: boolean;
  /** What the output means together with how the program ended. */
  readonly verdict: (exitCode: number | null) => Verdict;
}

/** Reads the program's output as it comes. */
export interface RunTranscript {
  push(text: string, lines: number): readonly ClaudeEvent[];
  end(): TranscriptEnd;
}

const headLength = 16 * 1024;

export function runTranscript(): RunTranscript {
  const transcript = createTranscript();
  let head = "";
  let lines = 0;
  let emptyReply = false;

  const look = (events: readonly ClaudeEvent[]): readonly ClaudeEvent[] => {
    for (const event of events) if (event.type === "assistant") emptyReply = isEmptyReply(event);
    return events;
  };

  return {
    push(text, count) {
      lines += count;
      if (head.length < headLength) head += text.slice(0, headLength - head.length);
      return look(transcript.push(text));
    },
    end() {
      look(transcript.end());
      const { summary } = transcript;
      return {
        summary,
        head: wholeLines(head),
        lines,
        emptyReply,
        verdict: (exitCode) => verdict(summary, { exitCode: exitCode ?? undefined }),
      };
    },
  };
}

/** A reply without stop reason, tokens or content: the provider hung up. */
function isEmptyReply({ raw }: ClaudeEvent): boolean {
  const { message } = raw as {
    message?: { stop_reason?: unknown; content?: unknown; usage?: { output_tokens?: unknown } };
  };
  return message?.stop_reason === null && message.usage?.output_tokens === 0;
}

/** The head may end inside a line, and half an event is no event. */
function wholeLines(head: string): string {
  return head.length < headLength ? head : head.slice(0, head.lastIndexOf("\n") + 1);
}
