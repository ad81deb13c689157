// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { expect, test } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import { cluster, expectNothingLeft } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthyOutput } from "./support/transcript.ts";

const numbered = Array.from({ length: 150 }, (_, index) => `line ${index}\n`);

/** A host takes a while for each piece when it writes to disk. */
const slow = () => new Promise<void>((resolve) => setTimeout(resolve, 15));

test("a detach in the midst of output: no line is lost or told twice", async () => {
  const middle = Promise.withResolvers<void>();
  await using emulator = await cluster(async ({ stdout, sleep }) => {
    for (const [index, line] of numbered.entries()) {
      stdout.write(line);
      if (index === 40) middle.resolve();
      await sleep(5);
    }
    stdout.write(healthyOutput);
    return 0;
  });
  const adapter = createServerAdapter({ kubeConfig: emulator.kubeConfig });
  const first = fakeHost({ runId: "run-1", onLog: slow });
  const executed = adapter.execute(first.context);
  await middle.promise;
  await expect.poll(() => first.output()).toContain("line 20\n");
  first.cancel("Legacy controller lease lost");
  expect((await executed).errorCode).toBe("k8s_run_detached");

  const second = fakeHost({ runId: "run-2" });
  const result = await adapter.execute(second.context);
  expect(result.errorMessage).toBeNull();
  expect(first.output() + second.output()).toBe(numbered.join("") + healthyOutput);
  await expectNothingLeft(emulator);
});
