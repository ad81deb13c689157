import type { AdapterExecutionContext, AdapterRuntimeMcpServer } from "@paperclipai/adapter-utils";

/** What a run tells its host, as it comes. Times are those of `performance.now()`. */
export interface HostListener {
  /** A piece of the program's output, as the adapter hands it over. */
  output?(text: string, at: number): void;
  /** The adapter's own words: the status line, milestones. */
  phase?(text: string, at: number): void;
  /** Its own lines among the output, and what it writes on stderr. */
  note?(text: string): void;
  /** A milestone, by its type, such as `claude_k8s.job.created`. */
  event?(eventType: string): void;
}

/** A Paperclip server as small as a run needs it, and what it was told. */
export interface Host {
  readonly context: AdapterExecutionContext;
  /** The program's output so far. */
  output(): string;
  /** When the first and the last piece of it came. */
  readonly times: { first: number | undefined; last: number | undefined };
  /** Every word of the adapter's own. */
  readonly said: readonly string[];
}

export interface HostOptions {
  readonly runId: string;
  readonly agentId: string;
  /** The agent's settings. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Aborting it is what an operator's stop does. */
  readonly signal: AbortSignal;
  /** Default: one of this agent alone. */
  readonly taskId?: string;
  /** The folder and repository that the host means, as it hands them over. */
  readonly workspace?: Readonly<Record<string, unknown>>;
  readonly listener?: HostListener;
  /** MCP servers that the run is given; none when absent. */
  readonly mcp?: readonly AdapterRuntimeMcpServer[];
}

/** The adapter's own lines among a run's output; the host's UI hides them. */
const ownLine = /^\[(?:paperclip|claude-k8s)\] /;

export function createHost(options: HostOptions): Host {
  const { runId, agentId, config, signal, listener = {}, mcp } = options;
  const pieces: string[] = [];
  const said: string[] = [];
  const times: Host["times"] = { first: undefined, last: undefined };
  const say = (text: string): void => {
    said.push(text);
    listener.phase?.(text, performance.now());
  };
  const agent = { id: agentId, companyId: "example", name: "Ada", adapterType: "claude_k8s" };
  return {
    times,
    said,
    output: () => pieces.join(""),
    context: {
      runId,
      agent: { ...agent, adapterConfig: {} },
      runtime: { sessionId: null, sessionParams: null, sessionDisplayId: null, taskKey: null },
      config: { paperclipRuntimeSkills: [], ...config },
      context: {
        taskId: options.taskId ?? `task-of-${agentId}`,
        ...(options.workspace === undefined ? {} : { paperclipWorkspace: options.workspace }),
      },
      signal,
      onCancellationReady: async () => {},
      onLog: async (stream, text) => {
        const at = performance.now();
        if (stream === "stderr" || ownLine.test(text)) {
          said.push(text.trimEnd());
          listener.note?.(text.trimEnd());
          return;
        }
        times.first ??= at;
        times.last = at;
        pieces.push(text);
        listener.output?.(text, at);
      },
      onEvent: async ({ message, eventType }) => {
        listener.event?.(eventType);
        say(message ?? eventType);
      },
      onRuntimeProgress: async ({ message }) => say(message),
      authToken: "an-example-token",
      ...(mcp === undefined ? {} : { runtimeMcp: { getServers: () => [...mcp] } }),
    },
  };
}
