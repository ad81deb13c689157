// `pnpm bench watch [JOBS] [CHANGES]`: what a thousand Jobs in one hub cost: memory a Job, and messages a second against
// reading and parsing the same bytes.
import { fork, spawnSync } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { join } from "node:path";
import { kubeHttp } from "@claude-k8s/kube-http";
import { createJobHub } from "../src/index.ts";

const [jobs = "1000", changes = "50", part] = process.argv.slice(2);
if (part === undefined) {
  // What V8 reserves for its young generation grows with the noise of parsing, and is no Job's: held small for memory.
  for (const [which, ...flags] of [["memory", "--max-semi-space-size=1"], ["speed"]]) {
    const args = [...process.execArgv, ...flags, import.meta.filename, jobs, changes, which ?? ""];
    const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
    if (status !== 0) process.exit(status ?? 1);
  }
  process.exit(0);
}
const [many, rounds] = [Number(jobs), Number(changes)];
const messages = many * (rounds + 1);

const server = fork(join(import.meta.dirname, "watch/server.ts"), [jobs], {
  execArgv: ["--conditions=@claude-k8s/source"],
});
const [port]: unknown[] = await once(server, "message");
const config = {
  getCurrentCluster: () => ({ server: `http://127.0.0.1:${String(port)}` }),
  async applyToHTTPSOptions() {},
};

/** Registers so many Jobs, waits until all have started; then `go` waits until all have ended. */
async function hubOf(count: number): Promise<{ go(): Promise<number>; close(): Promise<void> }> {
  const http = kubeHttp(config);
  const hub = createJobHub({ http, namespace: "n", labelSelector: "a=b" });
  const stopping = new AbortController();
  let [running, ended] = [0, 0];
  const marks = new EventEmitter();
  const allRun = once(marks, "all run");
  const allEnd = once(marks, "all ended");
  const watchOne = async (nth: number): Promise<void> => {
    const job = { namespace: "n", name: `run-${nth}`, uid: `uid-${nth}` };
    for await (const event of hub.watch(job, { container: "main", signal: stopping.signal })) {
      if (event.type === "phase" && event.phase === "running" && ++running === count)
        marks.emit("all run");
      if (event.type === "end" && ++ended === count) marks.emit("all ended");
    }
  };
  for (let nth = 0; nth < count; nth++)
    watchOne(nth).catch((error: unknown) => {
      if (!stopping.signal.aborted) marks.emit("error", error);
    });
  await allRun;
  return {
    async go() {
      const started = performance.now();
      server.send(rounds);
      await allEnd;
      return performance.now() - started;
    },
    async close() {
      stopping.abort();
      // What never came is not waited for any more.
      marks.emit("all ended");
      await hub.close();
      http.close();
    },
  };
}

/** The same bytes, read and parsed, and nothing made of them. */
async function bare(): Promise<number> {
  const http = kubeHttp(config);
  const stream = await http.open({ path: "/pods", signal: AbortSignal.timeout(120_000) });
  let [seen, started, rest] = [0, 0, ""];
  const decoder = new TextDecoder();
  for await (const chunk of stream.body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      JSON.parse(line);
      seen += 1;
      if (seen !== many + 1) continue;
      started = performance.now();
      server.send(rounds);
    }
    if (seen === many + 1 + messages) break;
  }
  http.close();
  return performance.now() - started;
}

function memory(): { readonly rss: number; readonly heap: number } {
  for (let nth = 0; nth < 3; nth++) globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heap: heapUsed };
}

// Once before, so that code and buffers that one hub needs as well are not counted.
const warm = await hubOf(1);
await warm.close();
const before = memory();
const hub = await hubOf(many);
if (part === "memory") {
  // V8 gives back what it does not need a moment later.
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const after = memory();
  const kB = (bytes: number): string => (bytes / many / 1_000).toFixed(1);
  console.log(`${many} Jobs in one hub: ${kB(after.rss - before.rss)} kB of RSS a Job`);
  console.log(`of which ${kB(after.heap - before.heap)} kB are live objects`);
  await hub.close();
} else {
  const hubMs = await hub.go();
  await hub.close();
  const bareMs = await bare();
  const perSecond = (messages / hubMs) * 1_000;
  console.log(`${messages} messages in one hub: ${Math.round(perSecond)} a second`);
  console.log(`${(hubMs / bareMs).toFixed(2)} times what reading and parsing them takes`);
}
server.kill();
