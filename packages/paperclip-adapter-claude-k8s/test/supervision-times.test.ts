import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";

test.each([
  [{ leaseMs: 0 }, "supervision.leaseMs must be a whole number of ms above 0, not 0"],
  [{ noteEveryMs: 0.5 }, "supervision.noteEveryMs must be a whole number of ms above 0, not 0.5"],
  [{ leaseMs: 30_500 }, "supervision.leaseMs must be whole seconds, not 30500"],
  [{ leaseMs: 20_000 }, "supervision.aliveMs must be less than leaseMs (20000), not 20000"],
  [{ aliveMs: 9_000 }, "supervision.renewEveryMs must be less than aliveMs (9000), not 10000"],
])("%o is refused", (supervision, message) => {
  expect(() => createServerAdapter({ supervision })).toThrow(new TypeError(message));
});

test("short times are taken", () => {
  const supervision = { leaseMs: 1_000, renewEveryMs: 300, aliveMs: 650, noteEveryMs: 250 };
  expect(createServerAdapter({ supervision }).type).toBe("claude_k8s");
});
