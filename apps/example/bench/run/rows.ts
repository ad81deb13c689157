import type { ClusterFault } from "../../src/cluster/cluster-fault.ts";
import { countingProxy } from "../../src/cluster/counting-proxy.ts";
import type { ClusterUnderTest } from "../../conformance/cluster.ts";
import { standalone } from "../../src/cluster/kubeconfig.ts";
import { replayConfig } from "../../src/host/replay-config.ts";
import { type AgentOptions, type AgentRun, runAgent } from "../../e2e/run-agent.ts";
import { inChild } from "./in-child.ts";
import { thousandRuns } from "./thousand-runs.ts";

export interface Row {
  readonly what: string;
  readonly aim: string;
  measure(): Promise<Figure>;
}

interface Figure {
  readonly ours: string;
  /** `undefined`: it could not be measured. */
  readonly isReached: boolean | undefined;
}

interface Surroundings {
  readonly cluster: ClusterUnderTest;
  /** The program that runs the built adapter. */
  readonly child: string;
  readonly fault: ClusterFault | undefined;
  readonly signal: AbortSignal;
}

/** The table, in its order. */
export function rows({ cluster, child, fault, signal }: Surroundings): readonly Row[] {
  const run = (options: AgentOptions): Promise<AgentRun> =>
    runAgent(cluster, { speed: 1, ...options });
  const whole = async (
    scenario: string,
    count: number,
    options: AgentOptions = {},
  ): Promise<Figure> => wholeness(await run({ scenario, ...options }), count);
  const through = async (name: string, seconds?: number): Promise<Figure> => {
    if (fault === undefined) return { ours: "CLUSTER_FAULT is not set", isReached: undefined };
    let happening: Promise<void> | undefined;
    const figure = await whole("ticks:40", 40, {
      // Kubernetes' own controllers, which carry deletions out, ask for up to half a minute less and less often.
      leftWithinMs: 90_000,
      listener: {
        output: (text) => void (text.includes("Line 5 ") && (happening ??= fault(name, seconds))),
      },
    });
    if (happening === undefined)
      return { ours: `${figure.ours}; ${name} was never made`, isReached: false };
    await happening;
    return figure;
  };
  const memory = async (scenario: string, count: number, limitMb: number): Promise<Figure> => {
    const { kubeConfig } = await cluster.runner();
    const report = await inChild(
      child,
      { runs: 1, kubeConfig: standalone(kubeConfig), config: config(cluster, scenario) },
      signal,
    );
    const lost = count - (report.lines[0] ?? 0);
    const { loadedMb, firstLineMb, peakMb } = report;
    return {
      ours: `${lost} lost, ${peakMb} MB (${loadedMb} loaded, ${firstLineMb} at the first line)`,
      isReached: report.errors[0] === null && lost === 0 && peakMb < limitMb,
    };
  };
  const requests = async (
    scenario: string,
  ): Promise<{ isRight: boolean; own: number; kinds: string }> => {
    await using proxy = await countingProxy((await cluster.runner()).kubeConfig);
    const { result } = await run({ scenario, kubeConfig: proxy.kubeConfig });
    const kinds = [...proxy.counts].toSorted(([one], [other]) => one.localeCompare(other));
    // The rest is the process's: its watches, its sweeps and its Lease.
    const own = kinds.filter(([kind]) => !/WATCH|for the watch|leases/.test(kind));
    return {
      isRight: result.errorMessage === null,
      own: own.reduce((sum, [, times]) => sum + times, 0),
      kinds: kinds.map(([kind, times]) => `${times} ${kind}`).join(", "),
    };
  };
  return [
    row("silent for 60 s", "right result", () => whole("silent:60", 2)),
    row("90 s, a line a second", "0 lost", () => whole("ticks:90", 90)),
    row("last output → result, median of 10", "1,300 ms", async () => {
      const times: number[] = [];
      for (let nth = 0; nth < 10; nth += 1)
        times.push((await run({ scenario: "ticks:3" })).settleMs ?? Infinity);
      const [low, median, high] = [0.05, 0.5, 0.95].map((share) => quantile(times, share));
      return { ours: `${low}–${high} ms, median ${median} ms`, isReached: Number(median) <= 1_300 };
    }),
    row("four blocks of one message", "0 lost", () => whole("blocks:4", 6)),
    row("kubelet restarted mid-run", "0 lost", () => through("kubelet-restart")),
    row("API server restarted mid-run", "0 lost", () => through("apiserver-restart")),
    row("API server away for 20 s", "0 lost, 0 left", () => through("apiserver-down", 20)),
    row("20,000 lines at once", "0 lost, < 150 MB", () => memory("lines:20000", 20_000, 150)),
    row("20 lines of 400 kB", "0 lost, < 200 MB", () => memory("big-lines:20", 22, 200)),
    row("exits 137 at once, 5 lines", "5 lines, code 137", async () => {
      const { host, result } = await run({ scenario: "exit:137" });
      const lines = linesOf(host.output());
      const isReached =
        lines === 5 && result.exitCode === 137 && /137/.test(result.errorMessage ?? "");
      return { ours: `${lines} lines, code ${result.exitCode}`, isReached };
    }),
    row("API requests of a run of 20 s, and of 60 s", "12 of its own, no more", async () => {
      const [short, long] = [await requests("ticks:20"), await requests("ticks:60")];
      return {
        ours: `${short.own} and ${long.own} (${short.kinds})`,
        isReached: short.isRight && long.isRight && short.own <= 12 && long.own <= short.own,
      };
    }),
    row("live line latency p50 / p99", "2 ms / 50 ms", async () => {
      const late: number[] = [];
      await run({
        scenario: "ticks:1000",
        speed: 50,
        listener: {
          output(text) {
            const now = Date.now();
            for (const [, at] of text.matchAll(/Line \d+ at (\d+)/g)) late.push(now - Number(at));
          },
        },
      });
      // What was written before the log was followed waited for that, not for its delivery.
      const live = late.slice(Math.round(late.length / 10));
      const [p50, p99] = [quantile(live, 0.5), quantile(live, 0.99)];
      return {
        ours: `${p50} ms / ${p99} ms over ${live.length} lines`,
        isReached: p50 <= 2 && p99 <= 50,
      };
    }),
    row("1,000 runs at a time (emulator)", "2 watches, all right", () =>
      thousandRuns(child, signal),
    ),
  ];
}

function row(what: string, aim: string, measure: Row["measure"]): Row {
  return { what, aim, measure };
}

function config({ namespace, image }: ClusterUnderTest, scenario: string): Record<string, unknown> {
  return {
    namespace,
    image,
    promptTemplate: "Do it.",
    ...replayConfig({ scenario, speed: Infinity }),
  };
}

function wholeness({ host, result, left }: AgentRun, count: number): Figure {
  const lines = linesOf(host.output());
  const isRight = result.errorMessage === null && result.exitCode === 0;
  const twice = lines - new Set(host.output().split("\n").slice(0, -1)).size;
  return {
    ours: `${isRight ? "right result" : String(result.errorMessage)}, ${count - lines} lost, ${twice} twice, ${[`${left.length} left`, ...left].join(" ")}`,
    isReached: isRight && lines === count && twice === 0 && left.length === 0,
  };
}

function linesOf(text: string): number {
  return text.split("\n").length - 1;
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return Math.round(
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN,
  );
}
