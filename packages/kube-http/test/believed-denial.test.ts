import { expect, test } from "vitest";
import { kubeHttp } from "../src/index.ts";
import { json, serve, status } from "./support/server.ts";

const never = new AbortController().signal;
const path = "/api/v1/namespaces/x/pods";
const denied = status(403, "Forbidden", 'pods is forbidden: User "u" cannot list resource "pods"');

/** What a server that has just started answers, question by question, until it is ready. */
const starting = [403, 403, 500, 200];

test("a 403 of a server that is not ready yet is not believed", async () => {
  let asked = 0;
  await using server = await serve((request, response) => {
    const isReadiness = request.url === "/readyz";
    const now = starting[asked] ?? 200;
    if (isReadiness) asked += 1;
    if (isReadiness) response.writeHead(now).end();
    else if (asked === 0) json(response, 403, denied);
    else json(response, 200, { items: [] });
  });
  const http = kubeHttp(server.config);
  await expect(http.request({ method: "GET", path, signal: never })).resolves.toMatchObject({
    kind: "ok",
  });
  expect(server.requests.map(({ url }) => url)).toEqual([
    path,
    "/readyz",
    "/readyz",
    "/readyz",
    "/readyz",
    path,
  ]);
});

test("neither is one that answers the opening of a stream", async () => {
  await using server = await serve((request, response, nth) => {
    if (request.url === "/readyz") response.writeHead(200).end("ok");
    else if (nth === 0) json(response, 403, denied);
    else response.end("line\n");
  });
  const stream = await kubeHttp(server.config).open({ path, signal: never });
  expect(stream.status).toBe(200);
});

test("a 403 of a ready server is believed at the second time, also for a write", async () => {
  await using server = await serve((request, response) =>
    request.url === "/readyz" ? response.writeHead(200).end("ok") : json(response, 403, denied),
  );
  const write = kubeHttp(server.config).request({ method: "POST", path, body: {}, signal: never });
  await expect(write).rejects.toMatchObject({ code: "KUBE_DENIED" });
  expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
    `POST ${path}`,
    "GET /readyz",
    `POST ${path}`,
  ]);
});

test("a server that never calls itself ready is believed when the budget is used up", async () => {
  await using server = await serve((_, response) => json(response, 403, denied));
  const http = kubeHttp(server.config, { retryBudgetMs: 100 });
  await expect(http.request({ method: "GET", path, signal: never })).rejects.toMatchObject({
    code: "KUBE_DENIED",
  });
});

test("the wait for a server that is not ready ends with the signal", async () => {
  const stop = new AbortController();
  await using server = await serve((request, response) => {
    if (request.url === "/readyz") stop.abort(new Error("enough"));
    json(response, 403, denied);
  });
  const http = kubeHttp(server.config);
  await expect(http.request({ method: "GET", path, signal: stop.signal })).rejects.toThrow(
    "enough",
  );
});
