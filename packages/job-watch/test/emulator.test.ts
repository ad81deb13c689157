import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "@claude-k8s/kubernetes-emulator";
import { createJobHub } from "../src/index.ts";
import { httpFor, jobManifest, label, type TestCluster, watchRun } from "./cluster-run.ts";
import { conformance } from "./conformance.ts";

const image = "job-watch-test:1";
let emulator: Emulator;
let cluster: TestCluster;

beforeAll(async () => {
  emulator = await startEmulator({ namespaces: ["watch"] });
  // A shell, as far as the scripts of the conformance suite need one.
  emulator.program(image, async (program) => {
    const script = program.command.at(-1) ?? "";
    const seconds = Number(/sleep (\d+)/.exec(script)?.[1] ?? 0);
    await program.sleep(seconds >= 10 ? seconds * 1_000 : seconds * 50);
    return Number(/exit (\d+)$/.exec(script)?.[1] ?? 0);
  });
  cluster = { http: httpFor(emulator.kubeConfig), namespace: "watch", image };
});

afterAll(async () => {
  cluster.http.close();
  await emulator[Symbol.asyncDispose]();
});

describe("on the emulator", { timeout: 20_000 }, () => {
  conformance(() => cluster, 5);

  test("two hundred runs at once need two watches, which close after the last", async () => {
    const http = httpFor(emulator.kubeConfig);
    const hub = createJobHub({
      http,
      namespace: "watch",
      labelSelector: `${label}=many`,
      idleMs: 10,
    });
    const from = emulator.requests.length;
    const runs = Array.from({ length: 200 }, () => {
      const manifest = jobManifest({ ...cluster, http }, "sleep 1", {}, "many");
      return watchRun({ ...cluster, http }, hub, manifest);
    });
    const ends = (await Promise.all(runs)).map(({ end }) => end.kind);
    expect(ends).toEqual(Array.from({ length: 200 }, () => "exited"));
    const watches = emulator.requests
      .slice(from)
      .filter(({ verb, url }) => verb === "watch" && url.includes("many"));
    expect(watches).toHaveLength(2);
    await expect.poll(() => watches.every(({ ended }) => ended)).toBe(true);
    await hub.close();
    http.close();
  });
});
