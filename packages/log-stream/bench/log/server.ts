// A kubelet's side of a log, as fast as a socket takes it: rendered once, sent over and over. Started by `log.ts` as a
// process of its own, so that its work is not counted as its reader's.
import { createServer } from "node:https";
import type { ServerResponse } from "node:http";
import { createCertificate } from "@claude-k8s/kubernetes-emulator";

/** What the parent is told when the server listens. */
export type Listening = { readonly url: string; readonly ca: string };

const block = 4 * 1024 * 1024;
let fetched = 0;

/** So many whole lines of so many bytes, newline included, each with a time of its own. */
function render(lineBytes: number, bytes: number, from: number = 0): Buffer {
  const lines: string[] = [];
  for (let i = 0; i < Math.max(1, Math.floor(bytes / lineBytes)); i++) {
    const ns = String((from + i) % 1_000_000_000).padStart(9, "0");
    const head = `2026-01-02T03:04:05.${ns}Z {"type":"assistant","n":${from + i},"text":"`;
    lines.push(`${head}${"x".repeat(Math.max(0, lineBytes - head.length - 3))}"}\n`);
  }
  return Buffer.from(lines.join(""));
}

function lastLines(bytes: Buffer, count: number): Buffer {
  let at = bytes.length - 1;
  for (let left = count; left > 0 && at > 0; left--) at = bytes.lastIndexOf(10, at - 1);
  return bytes.subarray(at <= 0 ? 0 : at + 1);
}

async function send(response: ServerResponse, bytes: Buffer): Promise<void> {
  fetched += bytes.length;
  if (response.write(bytes)) return;
  await new Promise<void>((resolve) => {
    const goOn = (): void => {
      response.off("drain", goOn).off("close", goOn);
      resolve();
    };
    response.on("drain", goOn).on("close", goOn);
  });
}

/** The whole log, or its last lines. */
async function whole(response: ServerResponse, query: URLSearchParams, pod: string): Promise<void> {
  const bytes = render(Number(query.get("lineBytes")), block);
  const tail = Number(query.get("tailLines") ?? 0);
  if (tail > 0) await send(response, lastLines(bytes, tail));
  else {
    const total = Number(query.get("bytes"));
    for (let sent = 0; sent < total; sent += bytes.length) await send(response, bytes);
  }
  ended.add(pod);
  response.end();
}

/** When the first line of a log was written, by its pod. */
const begun = new Map<string, number>();

/**
 * A line every `everyMs`, whoever reads; a follow is cut each time another part of the lines is written, as often as
 * `cuts` says.
 */
async function cutting(
  response: ServerResponse,
  query: URLSearchParams,
  pod: string,
): Promise<void> {
  const wish = (name: string): number => Number(query.get(name));
  const [lineBytes, lines, everyMs, cuts] = [
    wish("lineBytes"),
    wish("lines"),
    wish("everyMs"),
    wish("cuts"),
  ];
  const start = begun.get(pod) ?? Date.now();
  begun.set(pod, start);
  const written = (): number => Math.min(lines, Math.ceil((Date.now() - start) / everyMs));
  const part = Math.ceil(lines / (cuts + 1));
  const cutAt = part * Math.ceil((written() + 1) / part);
  let at = query.has("tailLines") ? Math.max(0, written() - wish("tailLines")) : 0;
  for (;;) {
    const now = written();
    if (now > at) await send(response, render(lineBytes, (now - at) * lineBytes, at));
    at = Math.max(at, now);
    if (at === lines) ended.add(pod);
    if (at === lines || query.get("follow") !== "true") break;
    if (at >= cutAt) return void response.destroy();
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  response.end();
}

/** One line, then silence. */
async function idle(response: ServerResponse, query: URLSearchParams): Promise<void> {
  await send(response, render(100, 100));
  if (query.get("follow") !== "true") response.end();
}

/** A line now and then, at no steady pace. */
async function ticking(
  response: ServerResponse,
  query: URLSearchParams,
  pod: string,
): Promise<void> {
  if (query.get("follow") !== "true") return void response.end();
  const count = Number(query.get("count"));
  for (let i = 0; i < count; i++) {
    await send(response, render(1_000, 1_000, i));
    await new Promise((resolve) => setTimeout(resolve, 1 + ((i * 7) % 5)));
  }
  ended.add(pod);
  response.end();
}

/** Pods whose container has ended. */
const ended = new Set<string>();

const { ca, cert, key } = await createCertificate(Date.now());
type Kind = (response: ServerResponse, query: URLSearchParams, pod: string) => Promise<void>;

const kinds: Readonly<Record<string, Kind>> = { whole, cutting, idle, ticking };
const server = createServer({ cert, key }, (request, response) => {
  const url = new URL(request.url ?? "/", "https://127.0.0.1");
  if (url.pathname === "/fetched") response.end(String(fetched));
  else if (url.pathname === "/ended")
    response.end(String(ended.has(url.searchParams.get("pod") ?? "")));
  else {
    // The followed pod's name says what its log is like: `whole?lineBytes=170&bytes=…`.
    const pod = decodeURIComponent(url.pathname.split("/").at(-2) ?? "");
    const [kind = "", wish = ""] = pod.split("?");
    response.writeHead(200, { "Content-Type": "text/plain" });
    response.flushHeaders();
    void kinds[kind]?.(response, new URLSearchParams(`${wish}&${url.search.slice(1)}`), pod);
  }
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  process.send?.({ url: `https://127.0.0.1:${address.port}`, ca } satisfies Listening);
});
