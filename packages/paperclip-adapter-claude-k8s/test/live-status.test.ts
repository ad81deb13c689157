import type { RuntimeStatusUpdate } from "@paperclipai/adapter-utils";
import { createTranscript } from "@claude-k8s/claude-stream-parse";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createServerAdapter } from "../src/index.ts";
import type { Activity } from "../src/run/activity.ts";
import { liveStatus } from "../src/run/live-status.ts";
import type { Onlooker } from "../src/run/onlooker.ts";
import { cluster } from "./support/cluster.ts";
import { fakeHost } from "./support/fake-host.ts";
import { healthyOutput } from "./support/transcript.ts";

interface Shown {
  readonly status: Onlooker;
  /** The program uses these tools, one after the other, at once. */
  readonly use: (...tools: string[]) => void;
  /** What was told since the last question. */
  readonly told: () => string[];
}

function shown(): Shown {
  let told: Activity[] = [];
  const status = liveStatus({ activity: async (one) => void told.push(one) });
  const transcript = createTranscript();
  return {
    status,
    use(...tools) {
      for (const name of tools) {
        const content = [{ type: "tool_use", id: name, name, input: {} }];
        const event = { type: "assistant", message: { id: name, role: "assistant", content } };
        status.output(transcript.push(`${JSON.stringify(event)}\n`));
      }
    },
    told() {
      const messages = told.map(({ message }) => message);
      told = [];
      return messages;
    },
  };
}

const seconds = async (count: number): Promise<void> =>
  void (await vi.advanceTimersByTimeAsync(count * 1_000));

describe("a status line", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("a change is told at once, those right after it as the last of them", async () => {
    const { status, use, told } = shown();
    status.phase("running");
    use("Read", "Grep", "Bash");
    expect(told()).toEqual(["Claude is using Read"]);
    await seconds(2);
    expect(told()).toEqual(["Claude is using Bash"]);
    await seconds(10);
    expect(told()).toEqual([]);
    use("Edit");
    expect(told()).toEqual(["Claude is using Edit"]);
  });

  test("a line stays as long as what it tells of, and says how long", async () => {
    const { status, use, told } = shown();
    status.phase("running");
    use("Bash");
    await seconds(140);
    expect(told()).toEqual([
      "Claude is using Bash",
      "Claude is using Bash",
      "Claude is using Bash, for 1 min",
      "Claude is using Bash, for 2 min",
    ]);
  });

  test("a program that says nothing has a line too", async () => {
    const { status, told } = shown();
    status.phase("running");
    await seconds(50);
    expect(told()).toEqual(["Claude is running"]);
  });

  test.each<[what: string, end: (status: Onlooker) => void]>([
    ["that is ending", (status) => status.phase("ending")],
    ["that nobody follows any more", (status) => status.disarm()],
  ])("nothing is told of a program %s, and no timer is left", async (_what, end) => {
    const { status, use, told } = shown();
    status.phase("running");
    use("Bash", "Read");
    told();
    end(status);
    expect(vi.getTimerCount()).toBe(0);
    use("Grep");
    await seconds(100);
    expect(told()).toEqual([]);
  });

  test("lines that come before the word that the program runs are not forgotten", () => {
    const { status, use, told } = shown();
    use("Bash");
    expect(told()).toEqual([]);
    status.phase("running");
    expect(told()).toEqual(["Claude is using Bash"]);
  });
});

test("the host is shown what its run does, and no secret", async () => {
  const said = "the key is token-of-the-run, and";
  const content = [
    { type: "text", text: said },
    { type: "tool_use", id: "t", name: "Bash", input: { command: "ls" } },
  ];
  const event = { type: "assistant", message: { id: "m", role: "assistant", content } };
  const isShown = Promise.withResolvers<RuntimeStatusUpdate>();
  await using emulator = await cluster(async ({ stdout }) => {
    stdout.write(`${JSON.stringify(event)}\n`);
    await isShown.promise;
    stdout.write(healthyOutput);
    return 0;
  });
  const host = fakeHost();
  const result = await createServerAdapter({ kubeConfig: emulator.kubeConfig }).execute({
    ...host.context,
    onRuntimeProgress(update) {
      if (update.currentToolName === "Bash") isShown.resolve(update);
    },
  });
  expect(result.exitCode).toBe(0);
  expect(await isShown.promise).toMatchObject({
    phase: "run_activity",
    message: "Claude is using Bash",
    lastAssistantSnippet: "the key is ***REDACTED***, and",
  });
});
