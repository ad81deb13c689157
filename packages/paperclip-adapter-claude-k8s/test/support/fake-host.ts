import type {
  AdapterExecutionContext,
  AdapterInvocationMeta,
  AdapterRuntimeEvent,
  AdapterRuntimeMcpServer,
} from "@paperclipai/adapter-utils";

/** A host that remembers what it is told. */
export interface FakeHost {
  readonly context: AdapterExecutionContext;
  readonly chunks: { stream: "stdout" | "stderr"; text: string }[];
  readonly metas: AdapterInvocationMeta[];
  readonly events: AdapterRuntimeEvent[];
  /** What an operator's stop does. */
  readonly cancel: (reason?: string) => void;
  /** The program's own output, as the host has it. */
  output(): string;
}

export interface FakeHostOptions {
  readonly config?: Record<string, unknown>;
  readonly context?: Record<string, unknown>;
  readonly runtime?: Partial<AdapterExecutionContext["runtime"]>;
  readonly mcp?: readonly AdapterRuntimeMcpServer[];
  readonly runId?: string;
  readonly agentId?: string;
  readonly onLog?: (text: string) => void | Promise<void>;
}

/** The namespace that the emulator has, and an image that its tests give a program. */
export const namespace = "runs";
export const image = "agent:test";

export function fakeHost(options: FakeHostOptions = {}): FakeHost {
  const chunks: FakeHost["chunks"] = [];
  const metas: AdapterInvocationMeta[] = [];
  const events: AdapterRuntimeEvent[] = [];
  const stop = new AbortController();
  const agentId = options.agentId ?? "agent-1";
  const context: AdapterExecutionContext = {
    runId: options.runId ?? "run-1",
    agent: {
      id: agentId,
      companyId: "company-1",
      name: "Ada",
      adapterType: "claude_k8s",
      adapterConfig: {},
    },
    runtime: {
      sessionId: null,
      sessionParams: null,
      sessionDisplayId: null,
      taskKey: null,
      ...options.runtime,
    },
    config: { namespace, image, paperclipRuntimeSkills: [], ...options.config },
    context: { taskId: "task-1", ...options.context },
    signal: stop.signal,
    onCancellationReady: async () => {},
    onLog: async (stream, text) => {
      chunks.push({ stream, text });
      await options.onLog?.(text);
    },
    onMeta: async (meta) => void metas.push(meta),
    onEvent: async (event) => void events.push(event),
    authToken: "token-of-the-run",
    ...(options.mcp === undefined
      ? {}
      : { runtimeMcp: { getServers: () => [...(options.mcp ?? [])] } }),
  };
  return {
    context,
    chunks,
    metas,
    events,
    cancel: (reason = "Cancelled by a board operator") => stop.abort(new Error(reason)),
    output: () =>
      chunks
        .filter(({ stream, text }) => stream === "stdout" && !text.startsWith("[paperclip] "))
        .map(({ text }) => text)
        .join(""),
  };
}
