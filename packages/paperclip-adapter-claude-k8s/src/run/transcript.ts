import {
  type ClaudeEvent,
  type ClaudeSummary,
  createTranscript,
  type RateLimitEvent,
  type Verdict,
  verdict,
} from "@claude-k8s/claude-stream-parse";

/** What is known of the program's output at a moment. */
export interface TranscriptEnd {
  readonly summary: ClaudeSummary;
  /** The first lines, bounded: what a person is shown when there is no result. */
  readonly head: string;
  readonly lines: number;
  /** A tool was called and has not answered: what it did is not known. */
  readonly hasOpenToolCall: boolean;
  /** Name of the tool that was called last. */
  readonly lastTool: string | undefined;
  /** Where the program works, in its own word: a path in its pod. */
  readonly cwd: string | undefined;
  /** Where the program found its login, in its own word: `ANTHROPIC_API_KEY`, `none` for a subscription's. */
  readonly apiKeySource: string | undefined;
  /** The provider's limits that were told, the last word on each. */
  readonly limits: readonly RateLimitEvent[];
  /** What the output means together with how the program ended. */
  readonly verdict: (exitCode: number | null) => Verdict;
}

/** Reads the program's output as it comes. */
export interface RunTranscript {
  /** Whole lines, and how many. Answers the events that they make. */
  push(text: string, lines: number): readonly ClaudeEvent[];
  /** What of the program still runs in the background, as far as it says so. */
  openBackgroundTasks(): readonly string[];
  end(): TranscriptEnd;
}

const headLength = 16 * 1024;

/** More calls than this at a time are no longer told apart; then one of them counts as open for good. */
const maxOpenCalls = 1_000;

/** The program chooses these names; nobody needs more of them. */
const nameLength = 200;
/** The CLI knows a handful of limits. */
const maxLimits = 32;

export function runTranscript(): RunTranscript {
  const transcript = createTranscript();
  let head = "";
  let lines = 0;
  let lastTool: string | undefined;
  let apiKeySource: string | undefined;
  let cwd: string | undefined;
  const openCalls = new Set<string>();
  const limits = new Map<string | undefined, RateLimitEvent>();
  const look = (events: readonly ClaudeEvent[]): void => {
    for (const event of events) {
      if (event.type === "init") apiKeySource ??= textOrNone(event.raw["apiKeySource"]);
      if (event.type === "init") cwd ??= event.cwd;
      if (event.type === "rate_limit" && limits.size < maxLimits) limits.set(event.limit, event);
      if (event.type !== "assistant" && event.type !== "user") continue;
      for (const block of event.blocks) {
        if (block.type === "tool_use") {
          lastTool = block.name.slice(0, nameLength);
          if (openCalls.size < maxOpenCalls) openCalls.add(block.id ?? "");
        }
        if (block.type === "tool_result") openCalls.delete(block.toolUseId ?? "");
      }
    }
  };
  return {
    push(text, count) {
      lines += count;
      if (head.length < headLength) head += text.slice(0, headLength - head.length);
      const events = transcript.push(text);
      look(events);
      return events;
    },
    openBackgroundTasks: () => transcript.summary.openBackgroundTasks,
    end() {
      look(transcript.end());
      const { summary } = transcript;
      const hasOpenToolCall = openCalls.size > 0;
      const said = {
        summary,
        head: wholeLines(head),
        lines,
        lastTool,
        apiKeySource,
        cwd,
        hasOpenToolCall,
        limits: [...limits.values()],
      };
      return { ...said, verdict: (exitCode) => verdict(summary, { exitCode }) };
    },
  };
}

function textOrNone(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value.slice(0, nameLength) : undefined;
}

/** The head may end inside a line, and half an event is no event. */
function wholeLines(head: string): string {
  return head.length < headLength ? head : head.slice(0, head.lastIndexOf("\n") + 1);
}
