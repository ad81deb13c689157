// A log that the kubelet rotates many times while it is followed. Needs a kubelet that rotates early.
import { setTimeout as sleep } from "node:timers/promises";
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "../../conformance/cluster.ts";
import { clusterFault } from "../../src/cluster/cluster-fault.ts";
import { runFollowed } from "./followed.ts";

const fault = clusterFault();
/** 10 MB in about 20 s: a hundred times the size at which the log is rotated, in a check every 3 s. */
const lines = 100_000;
const padding = "x".repeat(88);
const written = Array.from({ length: lines }, (_, i) => `${i + 1} ${padding}`);
const printing = (count: number): string =>
  `p=${padding}; i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo "$i $p"; ` +
  `[ $((i % 500)) -ne 0 ] || sleep 0.1; done`;

const tooLate = "the cluster rotates logs too late for this: it needs containerLogMaxSize: 100Ki";
const skipsHere = ({ rotatesAt, isEmulator }: ClusterUnderTest): boolean =>
  rotatesAt === undefined || isEmulator;

describe("a log of 10 MB that is rotated at 100 KiB", () => {
  test("comes whole, each line once, while it is followed", async ({ cluster, expect, skip }) => {
    skip(skipsHere(cluster), tooLate);
    const { texts, gaps, end, drops } = await runFollowed(cluster, printing(lines));
    console.log(`10 MB over rotations: ${texts.length} lines, drops: ${drops.join("; ")}, ${end}`);
    expect(texts).toEqual(written);
    expect(gaps).toEqual([]);
    expect(end).toMatch(/^verified/);
  });

  test("comes whole to a consumer that is blocked over several rotations", async ({
    cluster,
    expect,
    skip,
  }) => {
    skip(skipsHere(cluster), tooLate);
    let isBlocked = false;
    const { texts, gaps, end, spooled } = await runFollowed(
      cluster,
      printing(lines),
      async (count) => {
        if (isBlocked || count < 10_000) return;
        isBlocked = true;
        await sleep(15_000);
      },
    );
    console.log(`blocked for 15 s: ${texts.length} lines, ${spooled} bytes put aside, ${end}`);
    expect(texts).toEqual(written);
    expect(gaps).toEqual([]);
    expect(spooled).toBeGreaterThan(1_000_000);
  });

  test("is told to miss what was rotated away in a partition, with its bounds", async ({
    cluster,
    expect,
    skip,
  }) => {
    skip(skipsHere(cluster), tooLate);
    skip(fault === undefined, "it needs $CLUSTER_FAULT");
    // More than sockets and servers hold on the way, and long enough that nothing of it is readable afterwards.
    const [count, seconds] = [300_000, 30];
    let partition: Promise<unknown> | undefined;
    const { texts, gaps, end, drops } = await runFollowed(cluster, printing(count), (sofar) => {
      if (sofar > 20_000) partition ??= fault?.("partition", seconds);
    });
    await partition;
    console.log(
      `a partition of ${seconds} s: ${texts.length} lines, ${drops.join("; ")}, gaps`,
      gaps,
      end,
    );
    expect(gaps.length).toBeGreaterThan(0);
    // Outside of the gaps one line follows the other.
    const numbers = texts.map((text) => Number(text.split(" ", 1)[0]));
    const jumps = numbers.filter((number, i) => i > 0 && number !== (numbers[i - 1] ?? 0) + 1);
    expect(jumps).toHaveLength(gaps.length);
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    expect([numbers[0], numbers.at(-1)]).toEqual([1, count]);
    for (const { after = "", before = "" } of gaps)
      expect(Date.parse(before)).toBeGreaterThan(Date.parse(after));
  });
});
