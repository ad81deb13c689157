// What a node does to a log, over the emulator's sockets.
import { setTimeout as wait } from "node:timers/promises";
import { kubeHttp } from "@claude-k8s/kube-http";
import {
  type Emulator,
  type EmulatorOptions,
  type Program,
  startEmulator,
} from "@claude-k8s/kubernetes-emulator";
import { KubeConfig } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import {
  type FollowLimits,
  followLog,
  kubeLogSource,
  type LogEvent,
  podContainerState,
} from "../src/index.ts";

const { signal } = new AbortController();
const target = { namespace: "default", pod: "p", container: "main" };

type Run = {
  readonly program: Program;
  readonly options?: EmulatorOptions;
  readonly restartPolicy?: "Never" | "OnFailure";
  readonly limits?: FollowLimits;
  readonly during?: (emulator: Emulator, event: LogEvent) => Promise<void> | void;
};

async function follow({ program, options, restartPolicy = "Never", limits, during }: Run): Promise<{
  readonly events: readonly LogEvent[];
  readonly texts: readonly string[];
}> {
  await using emulator = await startEmulator(options);
  emulator.program("program:1", program);
  const config = new KubeConfig();
  config.loadFromString(emulator.kubeConfig);
  const http = kubeHttp(config);
  const spec = { restartPolicy, containers: [{ name: "main", image: "program:1" }] };
  const body = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
  await http.request({ method: "POST", path: "/api/v1/namespaces/default/pods", body, signal });
  const events: LogEvent[] = [];
  for await (const event of followLog({
    source: kubeLogSource(http),
    target,
    containerState: podContainerState(http, target),
    signal,
    limits: { retryBaseMs: 5, retryMaxMs: 20, quietMs: 40, ...limits },
  })) {
    events.push(event);
    await during?.(emulator, event);
  }
  http.close();
  const lines = events.flatMap((event) => (event.type === "lines" ? event.lines : []));
  return { events, texts: lines.map((line) => line.text) };
}

const gapsOf = (events: readonly LogEvent[]): LogEvent[] =>
  events.filter(({ type }) => type === "gap");

describe("a container that fails and is started again", () => {
  test("is followed from one to the next, to the last one's end", { timeout: 20_000 }, async () => {
    let starts = 0;
    const { events, texts } = await follow({
      restartPolicy: "OnFailure",
      program: async (program) => {
        const start = ++starts;
        for (let i = 0; i < 5; i++) {
          program.stdout.write(`start ${start}, line ${i}\n`);
          await program.sleep(10);
        }
        // Only one container back can be read, and a stream that is quiet and does not show the last line is given two
        // seconds: the second container outlives them, as the kubelet's back-off makes each do.
        await program.sleep(start === 2 ? 4_000 : 0);
        program.stdout.write(`start ${start} ends`);
        return start === 3 ? 0 : 1;
      },
    });
    const written = [1, 2, 3].flatMap((start) => [
      ...Array.from({ length: 5 }, (_, i) => `start ${start}, line ${i}`),
      `start ${start} ends`,
    ]);
    expect(texts).toEqual(written);
    expect(gapsOf(events)).toEqual([]);
    expect(events.filter(({ type }) => type === "restart")).toHaveLength(2);
    expect(events.at(-1)).toMatchObject({ type: "end", proof: "verified", lines: 18 });
  });

  test("is read as the previous one when it was not followed while it ended", async () => {
    let starts = 0;
    let isCut = false;
    const { events, texts } = await follow({
      restartPolicy: "OnFailure",
      program: async (program) => {
        const start = ++starts;
        for (let i = 0; i < 20; i++) {
          program.stdout.write(`start ${start}, line ${i}\n`);
          await program.sleep(2);
        }
        return start === 2 ? 0 : 1;
      },
      async during(emulator, event) {
        if (event.type !== "lines" || isCut) return;
        isCut = true;
        // The connection is lost, and none comes about before the next container runs.
        const refuse = emulator.faults.add({ on: { subresource: "log" }, do: { kind: "refuse" } });
        emulator.node.cutLogStreams("reset");
        void wait(150).then(() => refuse[Symbol.dispose]());
      },
    });
    expect(texts).toEqual(
      [1, 2].flatMap((start) => Array.from({ length: 20 }, (_, i) => `start ${start}, line ${i}`)),
    );
    expect(gapsOf(events)).toEqual([]);
    expect(events.filter(({ type }) => type === "restart")).toHaveLength(1);
  });
});

describe("a consumer that is blocked while the log is rotated again and again", () => {
  const count = 3_000;
  const written = Array.from({ length: count }, (_, i) => `line ${i} ${"x".repeat(200)}`);
  const program: Program = async (context) => {
    for (let i = 0; i < count; i++) {
      context.stdout.write(`${written[i]}\n`);
      if (i % 50 === 0) await context.sleep(15);
    }
    return 0;
  };
  const options = { logMaxBytes: 100_000 };

  async function blocked(limits: FollowLimits) {
    let isBlocked = false;
    return follow({
      program,
      options,
      // A busy machine must not be taken for a stream that went silent.
      limits: { spoolAfterMs: 10, quietMs: 10_000, ...limits },
      async during(_emulator, event) {
        if (event.type !== "lines" || isBlocked) return;
        isBlocked = true;
        await wait(600);
      },
    });
  }

  test("gets every line once: what came meanwhile was put aside", async () => {
    const { events, texts } = await blocked({});
    expect(texts).toEqual(written);
    expect(gapsOf(events)).toEqual([]);
    const spooled = events.flatMap((event) => (event.type === "spool" ? [event.bytes] : []));
    expect(spooled.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThan(100_000);
  });

  test("is told what is missing when nothing may be put aside, and gets nothing twice", async () => {
    const { events, texts } = await blocked({ spoolMaxBytes: 0 });
    const numbers = texts.map((text) => Number(text.split(" ")[1]));
    expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
    const jumps = numbers.filter((number, i) => i > 0 && number !== (numbers[i - 1] ?? 0) + 1);
    expect(jumps).toHaveLength(gapsOf(events).length);
    expect(numbers.at(-1)).toBe(count - 1);
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "stream-drop",
        cause: expect.stringContaining("held back for more than 10 ms by a slow reader"),
      }),
    );
  });
});

test("a stream that is stuck on a rotated file is left for a new one", async () => {
  const { events, texts } = await follow({
    options: { quirks: { stuckFollow: true } },
    program: async (program) => {
      for (let i = 0; i < 30; i++) {
        program.stdout.write(`line ${i}\n`);
        await program.sleep(i === 10 ? 60 : 15);
      }
      return 0;
    },
    during(emulator, event) {
      const isTenth = event.type === "lines" && event.lines.some(({ text }) => text === "line 10");
      if (isTenth) emulator.node.rotateLogs();
    },
  });
  expect(texts).toEqual(Array.from({ length: 30 }, (_, i) => `line ${i}`));
  // That nothing was lost between the two files cannot be proved.
  expect(gapsOf(events)).toMatchObject([{ certainty: "possible" }]);
  expect(events).toContainEqual(
    expect.objectContaining({ cause: expect.stringContaining("a file that was rotated away") }),
  );
});
