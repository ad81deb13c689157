import { kubeHttp, type KubeHttp } from "@claude-k8s/kube-http";
import { type Emulator, type Program, startEmulator } from "@claude-k8s/kubernetes-emulator";
import { KubeConfig } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { followLog, kubeLogSource, type LogEvent, podContainerState } from "../src/index.ts";

const signal = new AbortController().signal;
const target = { namespace: "default", pod: "p", container: "main" };
const limits = { retryBaseMs: 5, retryMaxMs: 20 };

function httpTo(emulator: Emulator): KubeHttp {
  const config = new KubeConfig();
  config.loadFromString(emulator.kubeConfig);
  return kubeHttp(config);
}

async function run(
  program: Program,
  during: (emulator: Emulator, event: LogEvent) => unknown = () => {},
): Promise<{ events: LogEvent[]; text: string; emulator: Emulator }> {
  await using emulator = await startEmulator({ tls: true });
  emulator.program("program:1", program);
  const http = httpTo(emulator);
  const spec = { restartPolicy: "Never", containers: [{ name: "main", image: "program:1" }] };
  const body = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" }, spec };
  await http.request({ method: "POST", path: "/api/v1/namespaces/default/pods", body, signal });
  const source = kubeLogSource(http);
  const containerState = podContainerState(http, target);
  const events: LogEvent[] = [];
  for await (const event of followLog({ source, target, containerState, signal, limits })) {
    events.push(event);
    await during(emulator, event);
  }
  http.close();
  for (let i = 0; i < 200 && emulator.connections() > 0; i++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  expect(emulator.connections()).toBe(0);
  const lines = events.flatMap((event) => (event.type === "lines" ? event.lines : []));
  const text = lines.map((line) => line.text + (line.noNewline ? "" : "\n")).join("");
  return { events, text, emulator };
}

const long = "ünï💡".repeat(15_000);
const output = `one\n\nsame\nsame\n${long}\nafter\nno newline — é`;

describe("over the emulator's sockets", () => {
  test("a healthy run comes byte for byte, and its end is verified", async () => {
    const { events, text } = await run(async (program) => {
      for (const part of output.split(/(?<=same\n)/)) {
        program.stdout.write(part);
        await program.sleep(5);
      }
      return 0;
    });
    expect(text).toBe(output);
    expect(events.at(-1)).toMatchObject({ type: "end", proof: "verified", lines: 7 });
  });

  test("a failing run does so too", async () => {
    const { events, text } = await run(async ({ stdout, stderr }) => {
      stdout.write("1\n2\n3\n4\n");
      stderr.write("5\n");
      return 3;
    });
    expect(text).toBe("1\n2\n3\n4\n5\n");
    expect(events.at(-1)).toMatchObject({ type: "end", proof: "verified" });
  });

  test("a silent run is one stream", async () => {
    const { events, text } = await run(async (program) => {
      program.stdout.write("before\n");
      await program.sleep(300);
      program.stdout.write("after\n");
      return 0;
    });
    expect(text).toBe("before\nafter\n");
    expect(events.filter((event) => event.type === "stream-open")).toHaveLength(1);
  });

  test.each(["clean", "reset"] as const)(
    "a connection that is cut (%s) loses nothing",
    async (how) => {
      let cuts = 0;
      const { events, text } = await run(
        async (program) => {
          for (let i = 0; i < 60; i++) {
            program.stdout.write(`line ${i}\n`);
            await program.sleep(3);
          }
          program.stdout.write(output);
          return 0;
        },
        (emulator, event) => {
          if (event.type === "lines" && cuts < 5) cuts += emulator.node.cutLogStreams(how);
        },
      );
      expect(cuts).toBe(5);
      expect(text).toBe(Array.from({ length: 60 }, (_, i) => `line ${i}\n`).join("") + output);
      expect(events.at(-1)).toMatchObject({ type: "end", proof: "verified" });
      expect(events.filter((event) => event.type === "stream-drop")).not.toEqual([]);
    },
  );

  test("a kubelet that restarts loses nothing", async () => {
    let restart: Promise<void> | undefined;
    const { events, text } = await run(
      async (program) => {
        for (let i = 0; i < 40; i++) {
          program.stdout.write(`line ${i}\n`);
          await program.sleep(5);
        }
        return 0;
      },
      (emulator, event) => {
        if (event.type === "lines") restart ??= emulator.node.restartKubelet();
      },
    );
    await restart;
    expect(text).toBe(Array.from({ length: 40 }, (_, i) => `line ${i}\n`).join(""));
    expect(events.at(-1)).toMatchObject({ type: "end", proof: "verified" });
  });
});

test("without the right to read logs the follow says which right is needed", async () => {
  await using emulator = await startEmulator();
  using _ = emulator.deny({ resource: "pods", subresource: "log" });
  const http = httpTo(emulator);
  const containerState = podContainerState(http, target);
  const events = followLog({ source: kubeLogSource(http), target, containerState, signal });
  await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({
    code: "LOG_STREAM_DENIED",
    message: expect.stringContaining('the right to get pods/log in namespace "default" is needed'),
  });
  http.close();
});
