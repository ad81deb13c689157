// `pnpm bench log`: what `followLog` costs, as ratios inside one run: time and memory against reading the same bytes by
// bare `node:https`, bytes fetched against bytes logged over connections that are cut, what it adds to a line's
// latency, and what a silent stream costs. Each reader is a process of its own; their rounds alternate, and the best of
// each are compared, because what else the machine does can only slow a round down.
import { execFile, fork } from "node:child_process";
import { once } from "node:events";
import https from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Listening } from "./log/server.ts";

const [megabytes = "200", rounds = "3", streams = "1000"] = process.argv.slice(2);
const nodeFlags = ["--conditions=@claude-k8s/source", "--expose-gc"];
const here = import.meta.dirname;
const run = promisify(execFile);

const server = fork(join(here, "log/server.ts"), { execArgv: nodeFlags });
const { url, ca } = await new Promise<Listening>((resolve) => {
  server.once("message", (message: Listening) => resolve(message));
});

type Result = { ms: number; rssPeak: number } & Record<string, number | string>;

async function contend(way: string, pod: string, many: string = "1"): Promise<Result> {
  const args = [...nodeFlags, join(here, "log/contender.ts"), way, pod, url, ca, many];
  const { stdout } = await run(process.execPath, args, { timeout: 300_000 });
  return JSON.parse(stdout);
}

const best = (results: readonly Result[], member: "ms" | "rssPeak"): number =>
  Math.min(...results.map((result) => result[member]));

for (const lineBytes of [170, 1_000, 4_000]) {
  const pod = `whole?lineBytes=${lineBytes}&bytes=${Number(megabytes) * 1e6}`;
  const results: Record<"bare" | "follow", Result[]> = { bare: [], follow: [] };
  for (let round = 0; round < Number(rounds); round++)
    for (const way of ["bare", "follow"] as const) results[way].push(await contend(way, pod));
  const proofs = new Set(results.follow.map(({ proof }) => proof));
  const ratio = best(results.follow, "ms") / best(results.bare, "ms");
  const more = (best(results.follow, "rssPeak") - best(results.bare, "rssPeak")) / 1e6;
  console.log(
    `${megabytes} MB in lines of ${lineBytes} B: ${ratio.toFixed(2)} × the time of bare node:https, ` +
      `${more.toFixed(0)} MB more at the peak, ${[...proofs].join(" and ")}`,
  );
}

const sentBefore = await fetched();
const [lines, lineBytes] = [2_000, 1_000];
await contend("follow", `cutting?lineBytes=${lineBytes}&lines=${lines}&everyMs=20&cuts=10`);
console.log(
  `${lines} lines of ${lineBytes} B, one every 20 ms, over 10 cuts: ` +
    `${(((await fetched()) - sentBefore) / lines / lineBytes).toFixed(3)} × the log's bytes were fetched`,
);

const { p50, p99, events } = await contend("latency", "ticking?count=3000");
console.log(
  `line latency added on an open stream: p50 ${ms(p50)}, p99 ${ms(p99)} over ${events} batches`,
);

const [none, bare, follow] = await Promise.all(
  ["none", "bare", "follow"].map((way) => contend(`idle-${way}`, "idle", streams)),
);
const each = (result: Result | undefined): string =>
  `${((Number(result?.["rss"]) - Number(none?.["rss"])) / 1024 / Number(streams)).toFixed(1)} KiB`;
console.log(
  `${streams} silent streams: ${each(follow)} each (bare node:https ${each(bare)}), ` +
    `${Number(follow?.["cpuPercent"]).toFixed(2)} % of a core (bare ${Number(bare?.["cpuPercent"]).toFixed(2)} %)`,
);
server.kill();

function ms(value: number | string | undefined): string {
  return `${Number(value).toFixed(3)} ms`;
}

/** Bytes of logs that the server has sent so far. */
async function fetched(): Promise<number> {
  const asked = https.get(`${url}/fetched`, { ca, agent: false });
  const [response]: AsyncIterable<Buffer>[] = await once(asked, "response");
  let text = "";
  if (response !== undefined) for await (const chunk of response) text += chunk.toString();
  return Number(text);
}
