// What takes minutes: `pnpm e2e --long`.
import { describe } from "vitest";
import { leftBehind } from "../src/cluster/left-behind.ts";
import { test } from "./cluster.ts";
import { runAgent } from "./run-agent.ts";

const minutes = 60_000;

describe.concurrent("over minutes", () => {
  test(
    "a program that is silent for six of them is a success",
    { timeout: 10 * minutes },
    async ({ cluster, expect }) => {
      const { result, left } = await runAgent(cluster, { scenario: "silent:360", speed: 1 });
      expect(result).toMatchObject({ exitCode: 0, errorMessage: null });
      expect(left).toEqual([]);
    },
  );

  test(
    "twenty agents at a time, three runs each: nothing lost, nothing left",
    {
      timeout: 10 * minutes,
    },
    async ({ cluster, expect }) => {
      const agents = Array.from({ length: 20 }, async () => {
        for (let round = 0; round < 3; round += 1) {
          const { host, result, left } = await runAgent(cluster, { scenario: "lines:2000" });
          expect(result.errorMessage).toBeNull();
          expect(host.output().split("\n")).toHaveLength(2_001);
          expect(left).toEqual([]);
        }
      });
      await Promise.all(agents);
    },
  );
});

test("afterwards the namespace has no Job, no pod and no Secret", async ({ cluster, expect }) => {
  const { http, namespace, signal } = cluster;
  expect(await leftBehind(http, { namespace, withinMs: 30_000, signal })).toEqual([]);
});
