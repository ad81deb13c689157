import { startEmulator } from "@claude-k8s/kubernetes-emulator";
import { recordingsFolder } from "../../src/folders.ts";
import { replayConfig } from "../../src/host/replay-config.ts";
import { replayProgram } from "../../src/replay/replay-program.ts";
import { inChild } from "./in-child.ts";

const many = 1_000;
const namespace = "agents";
const image = "claude-replay:bench";

/** A thousand agents in one process, over an emulator in this one. */
export async function thousandRuns(
  child: string,
  signal: AbortSignal,
): Promise<{ readonly ours: string; readonly isReached: boolean }> {
  await using emulator = await startEmulator({
    namespaces: [namespace],
    nodes: [{ name: "large", capacity: { cpu: "100", memory: "100Gi", pods: "2000" } }],
  });
  emulator.program(image, replayProgram(recordingsFolder));
  // The emulator remembers the latest requests only, so watches are counted as they come.
  const watches = new Set<object>();
  const count = (): void => {
    for (const request of emulator.requests) if (request.verb === "watch") watches.add(request);
  };
  const counting = setInterval(count, 1_000);
  await using stack = new AsyncDisposableStack();
  stack.defer(() => clearInterval(counting));
  const config = {
    namespace,
    image,
    promptTemplate: "Do it.",
    "resources.requests.cpu": "1m",
    "resources.requests.memory": "1Mi",
    ...replayConfig({ scenario: "ticks:32", speed: 1 }),
  };
  const began = performance.now();
  const report = await inChild(
    child,
    { runs: many, kubeConfig: emulator.kubeConfig, config },
    signal,
  );
  const seconds = Math.round((performance.now() - began) / 1_000);
  count();
  const right = report.errors.filter((error) => error === null).length;
  const whole = report.lines.filter((lines) => lines === 32).length;
  const perRun = ((report.peakMb - report.loadedMb) * 1_000) / many;
  const [wrong] = report.errors.filter((error) => error !== null);
  if (wrong !== undefined) console.error(`one of those that are not right: ${wrong}`);
  return {
    ours: `${right} right, ${whole} whole, ${watches.size} watches, ${report.peakMb} MB (${perRun.toFixed(0)} kB a run), ${seconds} s`,
    isReached: right === many && whole === many && watches.size === 2,
  };
}
