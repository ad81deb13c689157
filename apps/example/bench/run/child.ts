// Runs of the built adapter in a process of its own; closes with one line of JSON, a `ChildReport`.
import { randomUUID } from "node:crypto";
import { createServerAdapter } from "paperclip-adapter-claude-k8s";
import { createHost } from "../../src/host/host.ts";
import { parsed } from "../../src/json.ts";

export interface ChildTask {
  readonly kubeConfig: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly runs: number;
}

export interface ChildReport {
  readonly lines: readonly number[];
  readonly errors: readonly (string | null | undefined)[];
  /** Resident, in MB: when everything was loaded, at the first line, and the most there ever was. */
  readonly loadedMb: number;
  readonly firstLineMb: number;
  readonly peakMb: number;
}

const mb = (): number => Math.round(process.memoryUsage.rss() / 1e6);

const { kubeConfig, config, runs } = parsed<ChildTask>(process.env["BENCH_TASK"] ?? "{}");
const adapter = createServerAdapter({ kubeConfig });
const loadedMb = mb();
let firstLineMb: number | undefined;
const lines: number[] = Array.from({ length: runs }, () => 0);
const results = await Promise.all(
  lines.map((_, run) => {
    const { context } = createHost({
      runId: randomUUID(),
      agentId: randomUUID(),
      config,
      signal: new AbortController().signal,
    });
    return adapter.execute({
      ...context,
      // Counted and not kept: a host writes it away.
      onLog: async (stream, text) => {
        if (stream === "stderr" || text.startsWith("[paperclip] ")) return;
        firstLineMb ??= mb();
        lines[run] = (lines[run] ?? 0) + text.split("\n").length - 1;
      },
    });
  }),
);
const report: ChildReport = {
  lines,
  errors: results.map(({ errorMessage }) => errorMessage),
  loadedMb,
  firstLineMb: firstLineMb ?? 0,
  peakMb: Math.round((process.resourceUsage().maxRSS * 1024) / 1e6),
};
console.log(JSON.stringify(report));
