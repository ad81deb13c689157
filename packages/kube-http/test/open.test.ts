import { expect, test } from "vitest";
import { type Clock, kubeHttp, KubeHttpError, type KubeStream } from "../src/index.ts";
import { tokenBucket } from "../src/token-bucket.ts";
import { json, serve, status, until } from "./support/server.ts";

const never = new AbortController().signal;
const path = "/api/v1/namespaces/x/pods/y/log";

async function text(stream: KubeStream): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test("the bytes come, and complete() tells that the end was the server's", async () => {
  await using server = await serve((_, response) => {
    response.write("one\n");
    response.end("two");
  });
  const http = kubeHttp(server.config);
  const stream = await http.open({ path, query: { follow: true }, signal: never });
  expect(stream.status).toBe(200);
  expect(await text(stream)).toBe("one\ntwo");
  expect(stream.complete()).toBe(true);
  expect(server.requests[0]?.headers.connection).toBe("close");
  await until(() => server.connections() === 0);
});

test("a cut throws, and complete() stays false", async () => {
  await using server = await serve((request, response) => {
    response.write("one\n", () => setTimeout(() => request.socket.resetAndDestroy(), 5));
  });
  const stream = await kubeHttp(server.config).open({ path, signal: never });
  const error: unknown = await text(stream).catch((caught: unknown) => caught);
  expect(KubeHttpError.isInstance(error) && error.code).toBe("KUBE_UNREACHABLE");
  expect(stream.complete()).toBe(false);
});

test.each([
  ["text", 400, "container is waiting to start: ContainerCreating"],
  ["Status", 404, 'pods "y" not found'],
  ["nothing", 204, undefined],
  ["Status", 503, "away"],
])("a refusal (%s, %i) is told, not thrown", async (form, code, said) => {
  await using server = await serve((_, response) => {
    if (form === "Status")
      json(response, code, status(code, "Why", said ?? ""), { "Retry-After": "2" });
    else response.writeHead(code).end(said);
  });
  const stream = await kubeHttp(server.config).open({ path, signal: never });
  expect(stream.status).toBe(code);
  expect(stream.message).toBe(said);
  expect(stream.reason).toBe(form === "Status" ? "Why" : undefined);
  expect(stream.retryAfterMs).toBe(form === "Status" ? 2_000 : undefined);
  expect(await text(stream)).toBe("");
});

test("a 403 names the right that is missing", async () => {
  const said = 'pods "y" is forbidden: User "u" cannot get resource "pods/log" in API group ""';
  await using server = await serve((_, r) => json(r, 403, status(403, "Forbidden", said)));
  const { message } = await kubeHttp(server.config, { retryBudgetMs: 0 }).open({
    path,
    signal: never,
  });
  expect(message).toContain(
    'the right to get pods/log of the core API group in namespace "x" is missing',
  );
});

test("silence ends a stream only where a limit was asked for", async () => {
  await using server = await serve((_, response) => response.write("one\n"));
  const http = kubeHttp(server.config, { requestTimeoutMs: 10, headerTimeoutMs: 100 });
  const silent = await http.open({ path, signal: never, idleTimeoutMs: 20 });
  await expect(text(silent)).rejects.toThrow("no byte for 20 ms");
  const patient = await http.open({ path, signal: never });
  const iterator = patient.body[Symbol.asyncIterator]();
  await iterator.next();
  const next = iterator.next().catch(() => "closed");
  const later = new Promise((resolve) => setTimeout(resolve, 150, "still open"));
  expect(await Promise.race([next, later])).toBe("still open");
  http.close();
  expect(await next).toBe("closed");
  await until(() => server.connections() === 0);
});

test.each([["aborting"], ["leaving the loop"], ["throwing in the loop"]])(
  "%s frees the socket",
  async (how) => {
    await using server = await serve((_, response) => response.write("one\n"));
    const controller = new AbortController();
    const reason = new Error("stop");
    const stream = await kubeHttp(server.config).open({ path, signal: controller.signal });
    const read = async (): Promise<void> => {
      for await (const _ of stream.body) {
        if (how === "aborting") controller.abort(reason);
        if (how === "leaving the loop") break;
        if (how === "throwing in the loop") throw reason;
      }
    };
    const thrown: unknown = await read().catch((caught: unknown) => caught);
    expect(thrown).toBe(how === "leaving the loop" ? undefined : reason);
    await until(() => server.connections() === 0);
  },
);

test("a slow consumer holds the server back", async () => {
  let sent = 0;
  await using server = await serve((_, response) => {
    const chunk = Buffer.alloc(256 * 1024);
    const more = (): void => {
      while (sent < 400 && response.write(chunk)) sent++;
    };
    response.on("drain", more);
    more();
  });
  const http = kubeHttp(server.config);
  const stream = await http.open({ path, signal: never });
  for await (const _ of stream.body) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    break;
  }
  // 100 MiB were on offer; what went is what fits the sockets' buffers.
  expect(sent).toBeLessThan(200);
});

test("opening is limited per second, after a second's worth at once", async () => {
  const waits: number[] = [];
  const clock: Clock = {
    now: () => 0,
    after: (ms, run) => {
      waits.push(ms);
      run();
      return () => {};
    },
  };
  const pass = tokenBucket(10, clock);
  for (let i = 0; i < 12; i++) await pass(never);
  expect(waits).toEqual([100, 200]);
  await expect(pass(AbortSignal.abort("stop"))).rejects.toBe("stop");
});
