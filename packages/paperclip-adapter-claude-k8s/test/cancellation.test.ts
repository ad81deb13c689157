import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { type Clock, realClock } from "@claude-k8s/kube-http";
import { expect, test } from "vitest";
import { listenForCancellation } from "../src/cancel/cancellation.ts";
import { isCancelledAtHost, shouldAbortForCancellation } from "../src/cancel/host-run.ts";

/** A host that answers for its runs; what it was asked is in `asked`. */
async function hostApi(answer: () => { status: number; body: unknown }) {
  const asked: { url: string | undefined; authorization: string | undefined }[] = [];
  const server: Server = createServer((request, response) => {
    asked.push({ url: request.url, authorization: request.headers.authorization });
    const { status, body } = answer();
    response.writeHead(status).end(JSON.stringify(body));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const api = { url: `http://127.0.0.1:${port}/`, authToken: "token" };
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { api, asked, [Symbol.asyncDispose]: close };
}

/** Time that does not wait from one question to the next; what an answer may take is as it is. */
const hurried: Clock = {
  now: () => 0,
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms > 10_000 ? 5 : ms);
    return () => clearTimeout(timer);
  },
};

const never = new AbortController().signal;

test.each<[what: string, status: number, body: unknown, wanted: boolean | undefined]>([
  ["a running run", 200, { status: "running" }, false],
  ["a cancelled run", 200, { status: "cancelled" }, true],
  [
    "a stop that is asked for",
    200,
    { status: "running", resultJson: { executionCancellation: { state: "requested" } } },
    true,
  ],
  ["a failed run, which is no wish to stop", 200, { status: "failed" }, false],
  ["an error", 500, { status: "cancelled" }, undefined],
  ["an answer that says nothing", 200, null, false],
])("the host is asked about %s", async (_what, status, body, wanted) => {
  await using host = await hostApi(() => ({ status, body }));
  expect(await isCancelledAtHost(host.api, "run/1", never)).toBe(wanted);
  expect(host.asked).toEqual([
    { url: "/api/heartbeat-runs/run%2F1", authorization: "Bearer token" },
  ]);
});

test("a host that is away says nothing", async () => {
  const gone = await hostApi(() => ({ status: 200, body: {} }));
  await gone[Symbol.asyncDispose]();
  expect(await isCancelledAtHost(gone.api, "run", never)).toBeUndefined();
});

test.each<[why: string, reason: unknown, status: string | undefined, wanted: unknown]>([
  [
    "an operator's stop",
    new Error("Cancelled by a board operator"),
    undefined,
    { kind: "cancelled", message: "Cancelled by a board operator" },
  ],
  [
    "a lost lease of a cancelled run",
    new Error("Legacy controller lease lost"),
    "cancelled",
    { kind: "cancelled", message: "Run cancelled" },
  ],
  [
    "a lost lease of a running run",
    new Error("Legacy controller lease lost"),
    "running",
    { kind: "lease-lost" },
  ],
])("%s", async (_why, reason, status, wanted) => {
  await using host = await hostApi(() => ({ status: 200, body: { status } }));
  const stop = new AbortController();
  const signal = new AbortController();
  const over = new AbortController();
  const context = { runId: "r", signal: signal.signal, onCancellationReady: async () => {} };
  await listenForCancellation(context, host.api, stop, { clock: realClock, over: over.signal });
  signal.abort(reason);
  await expect.poll(() => stop.signal.reason).toEqual(wanted);
  expect(host.asked.length).toBe(status === undefined ? 0 : 1);
  over.abort();
});

test("a stop that came before anybody listened is not missed", async () => {
  const stop = new AbortController();
  const context = {
    runId: "r",
    signal: AbortSignal.abort(new Error("Early")),
    onCancellationReady: async () => {},
  };
  await listenForCancellation(context, undefined, stop, { clock: hurried, over: never });
  await expect.poll(() => stop.signal.reason).toEqual({ kind: "cancelled", message: "Early" });
});

test("an older host is asked again and again, through its errors, until the run is over", async () => {
  const answers = [500, 200, 200];
  await using host = await hostApi(() => ({
    status: answers.shift() ?? 200,
    body: { status: answers.length === 0 ? "cancelled" : "running" },
  }));
  const stop = new AbortController();
  const over = new AbortController();
  await listenForCancellation({ runId: "r" }, host.api, stop, {
    clock: hurried,
    over: over.signal,
  });
  await expect.poll(() => stop.signal.aborted).toBe(true);
  const asked = host.asked.length;
  expect(asked).toBe(3);
  over.abort();
});

test("a host with the handshake is not polled, and without a token nobody is", async () => {
  await using host = await hostApi(() => ({ status: 200, body: { status: "cancelled" } }));
  const stop = new AbortController();
  const context = { runId: "r", onCancellationReady: async () => {} };
  await listenForCancellation(context, host.api, stop, { clock: hurried, over: never });
  await listenForCancellation({ runId: "r" }, undefined, stop, { clock: hurried, over: never });
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect([host.asked.length, stop.signal.aborted]).toEqual([0, false]);
});

test("which words mean a stop", () => {
  const words = ["cancelled", "cancelling", "running", "failed", "succeeded", "", undefined];
  expect(words.map(shouldAbortForCancellation)).toEqual([
    true,
    true,
    ...Array<boolean>(5).fill(false),
  ]);
});
