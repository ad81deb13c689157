import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as plainRequest,
  type ServerResponse,
} from "node:http";
import { request as tlsRequest } from "node:https";
import type { AddressInfo } from "node:net";
import type { KubeConfig } from "@kubernetes/client-node";
import { standalone } from "../cluster/kubeconfig.ts";
import { type ApiCall, apiCall, callText, isStream } from "./api-call.ts";

/** A moment in a process's life, by its own requests. */
export interface KillPoint {
  /** As `callText` says it. */
  readonly call: string;
  /** The how-manieth of this text, counted from 1. */
  readonly nth: number;
  /**
   * `before`: the API server never hears of the request. `after`: it has done it, and its answer does not
   * get back. A number: so many bytes of the answer got through.
   */
  readonly when: "before" | "after" | number;
}

/** A call of the process. */
interface GateCall extends ApiCall {
  /** Of the answer; absent until it came. */
  status?: number;
}

/** The only way of one process to its API server, which can be shut at an exact moment. */
export interface ApiGate extends AsyncDisposable {
  /** For the process. */
  readonly kubeConfig: string;
  /** In the order they came. */
  readonly calls: readonly GateCall[];
  /** Ends when the point is reached; by then nothing more of the process goes through. */
  readonly reached: Promise<void>;
  /** Shuts at this point. `kill` is called at once, before anything else can happen. */
  shutAt(point: KillPoint, kill: () => void): void;
}

/** Opens a gate to the cluster of a kubeconfig. Credentials are the process's own and go through as they are. */
export async function openGate(config: KubeConfig): Promise<ApiGate> {
  const upstream = new URL(config.getCurrentCluster()?.server ?? "");
  const ca = caOf(config);
  const calls: GateCall[] = [];
  const counts = new Map<string, number>();
  const { promise: reached, resolve } = Promise.withResolvers<void>();
  const outgoing = new Set<AbortController>();
  let wanted: { readonly point: KillPoint; readonly kill: () => void } | undefined;
  let isShut = false;

  const shut = (): void => {
    if (isShut) return;
    isShut = true;
    wanted?.kill();
    resolve();
  };

  const pass = async (message: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = await bytesOf(message);
    if (isShut) return void answer.destroy();
    const call: GateCall = apiCall(
      message.method ?? "GET",
      message.url ?? "/",
      body.toString("utf8"),
    );
    calls.push(call);
    const text = callText(call);
    const nth = (counts.get(text) ?? 0) + 1;
    counts.set(text, nth);
    const { point } = wanted ?? {};
    const when = point?.call === text && point.nth === nth ? point.when : undefined;
    if (when === "before") {
      shut();
      return void answer.destroy();
    }
    const abort = new AbortController();
    outgoing.add(abort);
    // What was asked for happens, whether or not somebody still waits for the answer; only streams end with it.
    answer.on("close", () => isStream(call) && abort.abort());
    try {
      const got = await forward(message, body, abort.signal);
      call.status = got.statusCode ?? 502;
      const whole = when === "after" && !isStream(call) ? await bytesOf(got) : undefined;
      if (when === "after") shut();
      if (isShut) return void answer.destroy();
      answer.writeHead(call.status, withoutHops(got.headers));
      answer.flushHeaders();
      if (whole !== undefined) return void answer.end(whole);
      let sent = 0;
      for await (const chunk of got) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no encoding is set
        const bytes = chunk as Buffer;
        if (isShut) break;
        const room = typeof when === "number" ? when - sent : bytes.length;
        await written(answer, bytes.subarray(0, room));
        sent += bytes.length;
        if (typeof when === "number" && sent >= when) shut();
      }
      answer.end();
    } catch {
      // The way broke on one side: the other one hears of it as of any broken connection.
      answer.destroy();
    } finally {
      outgoing.delete(abort);
    }
  };

  const forward = (
    message: IncomingMessage,
    body: Buffer,
    signal: AbortSignal,
  ): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = upstream.protocol === "https:" ? tlsRequest : plainRequest;
      const url = new URL(message.url ?? "/", upstream);
      const headers = { ...withoutHops(message.headers), host: upstream.host };
      const sent = request(url, { method: message.method, headers, ca, signal }, resolve);
      sent.on("error", reject);
      sent.end(body);
    });

  const server = createServer((message, answer) => {
    answer.on("error", () => answer.destroy());
    void pass(message, answer);
  });
  await new Promise<void>((listening) => {
    server.listen(0, "127.0.0.1", listening);
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server's address is no path
  const { port } = server.address() as AddressInfo;
  return {
    kubeConfig: standalone(config, { server: `http://127.0.0.1:${port}`, isPlain: true }),
    calls,
    reached,
    shutAt(point, kill) {
      wanted = { point, kill };
    },
    async [Symbol.asyncDispose]() {
      isShut = true;
      for (const abort of outgoing) abort.abort();
      server.closeAllConnections();
      await new Promise<void>((closed) => {
        server.close(() => closed());
      });
    },
  };
}

function caOf(config: KubeConfig): Buffer | undefined {
  const data = config.getCurrentCluster()?.caData;
  return data === undefined ? undefined : Buffer.from(data, "base64");
}

/** Headers that hold for one connection are no part of what is passed on. */
function withoutHops(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { connection: _connection, "transfer-encoding": _encoding, ...rest } = headers;
  return rest;
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- no encoding is set
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Ends when the bytes are on their way to the process, so that those before the kill are there. */
function written(answer: ServerResponse, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    answer.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
