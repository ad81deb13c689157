// How a run ends, and what its host is told.
import { describe } from "vitest";
import { leftBehind } from "../src/cluster/left-behind.ts";
import { test } from "./cluster.ts";
import { runAgent } from "./run-agent.ts";

const lines = (text: string): number => text.split("\n").length - 1;

describe.concurrent("a program", () => {
  test("that is silent for 90 s and then finishes is a success", async ({ cluster, expect }) => {
    const { host, result, left, tookMs } = await runAgent(cluster, {
      scenario: "silent:90",
      speed: 1,
    });
    expect(result).toMatchObject({ exitCode: 0, errorMessage: null, timedOut: false });
    expect(result.summary).toBe("Silent for 90 s, and done.");
    expect(lines(host.output())).toBe(2);
    expect(tookMs).toBeGreaterThan(90_000);
    expect(left).toEqual([]);
  });

  test("that exits 3 after five lines comes back with five lines and code 3", async ({
    cluster,
    expect,
  }) => {
    const { host, result, left } = await runAgent(cluster, { scenario: "exit:3" });
    expect(lines(host.output())).toBe(5);
    expect(result.exitCode).toBe(3);
    expect(result.errorMessage).toMatch(/\b3\b/);
    expect(left).toEqual([]);
  });

  test("that writes 5,000 lines at once loses none", async ({ cluster, expect }) => {
    const { host, result, left } = await runAgent(cluster, { scenario: "lines:5000" });
    expect(result.errorMessage).toBeNull();
    expect(lines(host.output())).toBe(5_000);
    expect(result.summary).toBe("5000 lines.");
    expect(left).toEqual([]);
  });

  test("that writes a line of a million bytes has it whole", async ({ cluster, expect }) => {
    const { host, result, left } = await runAgent(cluster, { scenario: "big-line:1000000" });
    expect(result.errorMessage).toBeNull();
    const longest = Math.max(
      ...host
        .output()
        .split("\n")
        .map((line) => line.length),
    );
    expect(longest + 1).toBe(1_000_000);
    expect(left).toEqual([]);
  });
});

describe.concurrent("an operator's stop", () => {
  test("ends the program, and is acknowledged when the Job is gone", async ({
    cluster,
    expect,
  }) => {
    const stop = new AbortController();
    const { result, left } = await runAgent(cluster, {
      scenario: "hang",
      signal: stop.signal,
      listener: { output: () => stop.abort(new Error("Cancelled by a board operator")) },
    });
    expect(result).toMatchObject({
      errorCode: "cancelled",
      errorMessage: "Cancelled by a board operator",
      resultJson: { executionCancellation: { state: "acknowledged" } },
    });
    expect(left).toEqual([]);
  });

  test("kills a program that does not listen", async ({ cluster, expect }) => {
    const stop = new AbortController();
    const { result, left } = await runAgent(cluster, {
      scenario: "ignore-sigterm",
      config: { terminationGraceSec: 2 },
      signal: stop.signal,
      listener: { output: () => stop.abort(new Error("Cancelled by a board operator")) },
    });
    expect(result.errorCode).toBe("cancelled");
    expect(result.resultJson).toMatchObject({ executionCancellation: { state: "acknowledged" } });
    expect(left).toEqual([]);
  });
});

test("afterwards the namespace has no Job, no pod and no Secret", async ({ cluster, expect }) => {
  const { http, namespace, signal } = cluster;
  expect(await leftBehind(http, { namespace, withinMs: 30_000, signal })).toEqual([]);
});
