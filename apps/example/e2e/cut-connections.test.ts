// The network breaks; the run does not.
import { standalone } from "../src/cluster/kubeconfig.ts";
import { recordingsFolder } from "../src/folders.ts";
import { proof } from "../src/demo/proof.ts";
import { recordedBytes } from "../src/recorder/recording.ts";
import { findRecording } from "../src/replay/recordings-folder.ts";
import { test } from "./cluster.ts";
import { cuttingProxy } from "./cutting-proxy.ts";
import { runAgent } from "./run-agent.ts";

/** Between two cuts: enough for the log to be followed again, and to bring something new. */
const betweenCutsMs = 1_500;

test("every connection is cut again and again while the program writes: nothing is lost, nothing comes twice", async ({
  cluster,
  expect,
}) => {
  await using proxy = await cuttingProxy();
  const recording = await findRecording(recordingsFolder, "healthy");
  const cuts: number[] = [];
  let cutting: NodeJS.Timeout | undefined;
  try {
    const { host, result, left } = await runAgent(cluster, {
      kubeConfig: standalone((await cluster.runner()).kubeConfig, { proxyUrl: proxy.url }),
      speed: 1,
      listener: {
        // From the first line on: what is cut is the log and the watches.
        output() {
          cutting ??= setInterval(() => cuts.push(proxy.cut()), betweenCutsMs);
        },
      },
    });
    const recorded = recordedBytes(recording, "stdout");
    const checks = proof({ recorded, output: host.output(), result, left });
    expect(checks.filter(({ isTrue }) => !isTrue)).toEqual([]);
  } finally {
    clearInterval(cutting);
  }
  expect(cuts.filter((connections) => connections > 0).length).toBeGreaterThanOrEqual(3);
});
