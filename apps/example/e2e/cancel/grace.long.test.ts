// A stop that cannot be verified within the host's minute says so, and what is left.
import { leftBehind } from "../../src/cluster/left-behind.ts";
import { test } from "../cluster.ts";
import { stoppedRun } from "./stopped-run.ts";

test(
  "a program with a grace of more than the host waits: no acknowledgement, and the Job is named",
  { timeout: 240_000 },
  async ({ cluster, expect }) => {
    const run = await stoppedRun(
      cluster,
      { output: '"init"' },
      {
        scenario: "ignore-sigterm",
        leavesJob: true,
        config: { terminationGraceSec: 75 },
      },
    );
    console.log(`not verified: ${Math.round(run.stopMs ?? Number.NaN)} ms`);
    expect(run.stopMs).toBeLessThan(55_000);
    expect(run.result.errorCode).toBe("cancelled");
    expect(run.result.errorMessage).toMatch(/not verified: .*Job/);
    expect(run.result.resultJson?.["executionCancellation"]).toBeUndefined();
    // The deletion was asked for all the same: it goes when its grace is over.
    const { http, namespace, signal } = cluster;
    expect(await leftBehind(http, { namespace, withinMs: 90_000, signal })).toEqual([]);
  },
);
