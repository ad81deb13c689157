// Logs that are followed through what real clusters suffer: every line once, and a verified end. With $CLUSTER_FAULT only.
import { describe } from "vitest";
import { test } from "../../conformance/cluster.ts";
import { clusterFault } from "../../src/cluster/cluster-fault.ts";
import { runFollowed } from "./followed.ts";

const fault = clusterFault();
const rounds = Number(process.env["CLUSTER_FAULT_ROUNDS"] ?? 1);
const lines = 2_000;

const cases = (
  [
    ["kubelet-restart"],
    ["apiserver-restart"],
    ["apiserver-down", 20],
    ["apiserver-pause", 20],
    ["partition", 20],
    ["containerd-restart"],
  ] as readonly (readonly [name: string, seconds?: number])[]
).flatMap(([name, seconds]) =>
  Array.from({ length: rounds }, (_, i) => ({ name, seconds, round: i + 1 })),
);

describe.skipIf(fault === undefined)("a log of 2,000 numbered lines, through", () => {
  test.for(cases)("$name, round $round", { timeout: 180_000 }, async (one, { cluster, expect }) => {
    const { name, seconds, round } = one;
    // 20 lines at a time, for 20 s longer than the fault.
    const pause = ((20 + (seconds ?? 0)) / 100).toFixed(2);
    const script =
      `i=0; while [ $i -lt ${lines} ]; do i=$((i+1)); echo "line $i"; ` +
      `[ $((i % 20)) -ne 0 ] || sleep ${pause}; done`;
    let happening: Promise<void> | undefined;
    const { texts, end, gaps, drops } = await runFollowed(cluster, script, (count) => {
      // Not always at the same moment of the program.
      if (count > 100 * round && happening === undefined) {
        happening = fault?.(name, seconds);
        happening?.catch(() => {}); // It is told below, when the log has ended.
      }
    });
    await happening;
    console.log(`${name}: ${texts.length} lines, ${drops.length} drops, ${end}`);
    expect(texts).toEqual(Array.from({ length: lines }, (_, i) => `line ${i + 1}`));
    expect(gaps).toEqual([]);
    expect(end).toMatch(/^verified/);
  });
});
