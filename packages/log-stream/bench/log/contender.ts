// One way of reading, in a process of its own so that its memory and processor time are its own. Prints one line of
// JSON: what `log.ts` asked for.
import { once } from "node:events";
import https from "node:https";
import { kubeHttp } from "@claude-k8s/kube-http";
import {
  type ContainerState,
  followLog,
  kubeLogSource,
  type LogEvent,
  type LogSource,
} from "../../src/index.ts";

const [way = "", pod = "", url = "", ca = "", many = "1"] = process.argv.slice(2);
const config = {
  getCurrentCluster: () => ({ server: url }),
  applyToHTTPSOptions: async (options: https.RequestOptions) => void (options.ca = ca),
};
const signal = new AbortController().signal;
const started = performance.now();
const path = `/api/v1/namespaces/n/pods/${encodeURIComponent(pod)}/log`;

function following(source: LogSource, state: ContainerState): AsyncIterable<LogEvent> {
  const target = { namespace: "n", pod, container: "main" };
  return followLog({ source, target, containerState: state, signal });
}

/** As a shared watch tells it: without a request. */
const running: ContainerState = async () => ({ kind: "running" });

const containerState: ContainerState = async () => {
  let text = "";
  for await (const chunk of await get("/ended", `pod=${encodeURIComponent(pod)}`))
    text += String(chunk);
  return { kind: text === "true" ? "terminated" : "running" };
};

async function bare(): Promise<object> {
  const response = await get(path, "follow=true&timestamps=true&container=main");
  let bytes = 0;
  for await (const chunk of response) bytes += chunk.length;
  return { bytes };
}

async function get(at: string, query: string): Promise<AsyncIterable<Buffer>> {
  const asked = https.get(`${url}${at}?${query}`, { ca, agent: false });
  const [response]: AsyncIterable<Buffer>[] = await once(asked, "response");
  if (response === undefined) throw new Error("no response");
  return response;
}

async function follow(): Promise<object> {
  const http = kubeHttp(config);
  let lines = 0;
  let proof = "none";
  for await (const event of following(kubeLogSource(http), containerState)) {
    if (event.type === "lines") lines += event.lines.length;
    if (event.type === "end") ({ proof } = event);
  }
  http.close();
  return { lines, proof };
}

/** Milliseconds from a chunk's arrival in the process to its last line's in the consumer. */
async function latency(): Promise<object> {
  const http = kubeHttp(config);
  const own = kubeLogSource(http);
  const arrived: number[] = [];
  const late: number[] = [];
  const source: LogSource = {
    async open(target, request) {
      const answer = await own.open(target, request);
      if (answer.kind !== "open" || !request.follow) return answer;
      return { ...answer, body: noted(answer.body) };
    },
  };
  async function* noted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      arrived.push(performance.now());
      yield chunk;
    }
  }
  for await (const event of following(source, containerState))
    if (event.type === "lines") late.push(performance.now() - (arrived.at(-1) ?? NaN));
  http.close();
  late.sort((a, b) => a - b);
  const at = (part: number): number | undefined => late[Math.floor(part * (late.length - 1))];
  return { events: late.length, p50: at(0.5), p99: at(0.99) };
}

/** So many streams, silent after their first line. */
async function idle(open: () => Promise<unknown>): Promise<object> {
  for (let opened = 0; opened < Number(many); opened += 50)
    await Promise.all(Array.from({ length: 50 }, open));
  globalThis.gc?.();
  const { rss } = process.memoryUsage();
  const before = process.cpuUsage();
  const seconds = 40;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const { user, system } = process.cpuUsage(before);
  return { rss, cpuPercent: (user + system) / 1e4 / seconds };
}

async function openBare(): Promise<unknown> {
  const body = (await get(path, "follow=true"))[Symbol.asyncIterator]();
  await body.next();
  void body.next();
  return body;
}

const shared = kubeHttp(config, { openPerSecond: 1_000 });

async function openFollow(): Promise<unknown> {
  const events = following(kubeLogSource(shared), running)[Symbol.asyncIterator]();
  for (;;) if ((await events.next()).value?.type === "lines") break;
  void events.next();
  return events;
}

const ways: Record<string, () => Promise<object>> = {
  bare,
  follow,
  latency,
  "idle-none": () => idle(async () => {}),
  "idle-bare": () => idle(openBare),
  "idle-follow": () => idle(openFollow),
};
const result = await ways[way]?.();
const rssPeak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ ms: performance.now() - started, rssPeak, ...result }));
process.exit();
