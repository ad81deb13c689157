import { expect, test } from "vitest";
import { kubeHttp, type KubeRetry } from "../src/index.ts";
import { json, serve, status } from "./support/server.ts";

const never = new AbortController().signal;
const path = "/api/v1/namespaces/x/pods/y";
const get = { method: "GET", path, signal: never } as const;
const noWait = { "Retry-After": "0" };

test("each attempt that is followed by another is told, with why and how long it waits", async () => {
  await using server = await serve((request, response, nth) => {
    if (nth === 0) json(response, 429, status(429, "TooManyRequests", "no"), noWait);
    else if (nth === 1) request.socket.destroy();
    else json(response, 200, {});
  });
  const told: KubeRetry[] = [];
  const http = kubeHttp(server.config, { onRetry: (retry) => void told.push(retry) });
  expect(await http.request(get)).toMatchObject({ kind: "ok" });
  expect(told).toMatchObject([
    { method: "GET", path, attempt: 1, error: { code: "KUBE_OVERLOADED", status: 429 } },
    { method: "GET", path, attempt: 2, error: { code: "KUBE_UNREACHABLE", status: undefined } },
  ]);
  for (const { waitMs } of told) expect(waitMs).toBeGreaterThanOrEqual(0);
});

test.each<[what: string, request: Parameters<ReturnType<typeof kubeHttp>["request"]>[0]]>([
  ["the last attempt of the budget", get],
  ["a write that may not be sent again", { ...get, method: "POST", body: {} }],
])("what is not tried again is not told: %s", async (_what, request) => {
  await using server = await serve((_, response) =>
    json(response, 500, status(500, "InternalError", "broken")),
  );
  const told: KubeRetry[] = [];
  const http = kubeHttp(server.config, {
    retryBudgetMs: request.method === "GET" ? 0 : 10_000,
    onRetry: (retry) => void told.push(retry),
  });
  await expect(http.request(request)).rejects.toThrow("answered 500");
  expect(told).toEqual([]);
});

test("the second question after a 401 and after a 403 is no retry", async () => {
  await using server = await serve((request, response, nth) => {
    if (request.url === "/readyz") response.end("ok");
    else if (nth === 0) json(response, 401, status(401, "Unauthorized", "Unauthorized"));
    else if (nth === 1) json(response, 403, status(403, "Forbidden", "not yet"));
    else json(response, 200, {});
  });
  const told: KubeRetry[] = [];
  const http = kubeHttp(server.config, { onRetry: (retry) => void told.push(retry) });
  expect(await http.request(get)).toMatchObject({ kind: "ok" });
  expect(told).toEqual([]);
  expect(server.requests.length).toBeGreaterThanOrEqual(3);
});

test("what the hook throws ends the request", async () => {
  await using server = await serve((_, response) =>
    json(response, 503, status(503, "ServiceUnavailable", "away"), noWait),
  );
  const http = kubeHttp(server.config, {
    onRetry: () => {
      throw new Error("the counter broke");
    },
  });
  await expect(http.request(get)).rejects.toThrow("the counter broke");
  expect(server.requests).toHaveLength(1);
});

test("a hook that is no function is refused", async () => {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what untyped code may pass
  const onRetry = "log" as unknown as () => void;
  await using server = await serve((_, response) => json(response, 200, {}));
  expect(() => kubeHttp(server.config, { onRetry })).toThrow(
    "onRetry must be a function, not string",
  );
});
