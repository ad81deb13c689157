import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { kubeHttp, KubeHttpError } from "../src/index.ts";
import { json, serve, status, until } from "./support/server.ts";

const faults: unknown[] = [];
const onFault = (error: unknown): void => void faults.push(error);
beforeAll(() => {
  process.on("uncaughtException", onFault);
  process.on("unhandledRejection", onFault);
});
afterAll(() => {
  process.off("uncaughtException", onFault);
  process.off("unhandledRejection", onFault);
});

const never = new AbortController().signal;
const path = "/api/v1/namespaces/x/pods/y";
const get = { method: "GET", path, signal: never } as const;
const post = {
  method: "POST",
  path: "/api/v1/namespaces/x/pods",
  body: {},
  signal: never,
} as const;

async function failure(promise: Promise<unknown>): Promise<KubeHttpError> {
  const error: unknown = await promise.then(
    () => new Error("it did not fail"),
    (caught: unknown) => caught,
  );
  if (!KubeHttpError.isInstance(error)) throw error;
  return error;
}

describe("an answer in our words", () => {
  test.each([
    [200, { kind: "ok", resourceVersion: "7" }],
    [201, { kind: "ok" }],
    [404, { kind: "not-found", status: { code: 404, reason: "R", message: "said" } }],
    [409, { kind: "conflict", status: { reason: "R" } }],
    [410, { kind: "gone" }],
    [400, { kind: "invalid", status: { code: 400 } }],
    [422, { kind: "invalid", status: { code: 422, message: "said" } }],
  ])("%i is an outcome", async (code, expected) => {
    await using server = await serve((_, response) =>
      json(response, code, { ...status(code, "R", "said"), metadata: { resourceVersion: "7" } }),
    );
    const http = kubeHttp(server.config);
    expect(await http.request(get)).toMatchObject(expected);
    http.close();
  });

  test.each([
    ["a gateway's text", "default backend - 404"],
    ["a gateway's JSON", '{"message":"no Route matched with those values"}'],
  ])("a 404 that is %s does not say that the object is gone", async (_what, said) => {
    await using server = await serve((_, response) => response.writeHead(404).end(said));
    const error = await failure(kubeHttp(server.config).request(get));
    expect(error).toMatchObject({ code: "KUBE_UNEXPECTED", status: 404 });
  });

  test("an empty answer has no body", async () => {
    await using server = await serve((_, response) => response.writeHead(204).end());
    expect(await kubeHttp(server.config).request(get)).toEqual({ kind: "ok", body: undefined });
  });

  const rbac = 'pods "y" is forbidden: User "u" cannot get resource "pods" in API group ""';
  test.each([
    [
      403,
      rbac,
      "KUBE_DENIED",
      'the right to get pods of the core API group in namespace "x" is missing',
    ],
    [403, 'pods "y" is forbidden: exceeded quota: q', "KUBE_DENIED", "refused (403)"],
    [401, "Unauthorized", "KUBE_UNAUTHORIZED", "does not accept the credentials"],
    [429, "slow down", "KUBE_OVERLOADED", "slow down"],
    [503, "away", "KUBE_OVERLOADED", "503"],
    [500, "broken", "KUBE_UNEXPECTED", "answered 500: broken"],
    [302, "there", "KUBE_UNEXPECTED", "answered 302"],
  ])("%i (%s) is thrown as %s", async (code, said, expected, words) => {
    await using server = await serve((_, response) =>
      json(response, code, status(code, "R", said)),
    );
    const error = await failure(kubeHttp(server.config, { retryBudgetMs: 0 }).request(get));
    expect(error).toMatchObject({ code: expected, status: code });
    expect(error.message).toContain(words);
    expect(error.message).toContain('"y" in namespace "x"');
  });

  test("what is no JSON is thrown, and not repeated in the message", async () => {
    await using server = await serve((_, response) => response.end("<html>secret</html>"));
    const error = await failure(kubeHttp(server.config).request(get));
    expect(error).toMatchObject({ code: "KUBE_UNEXPECTED", status: 200 });
    expect(error.message).not.toContain("secret");
  });
});

describe("what is sent", () => {
  test("body, query and content type arrive below the server's own path", async () => {
    const bodies: string[] = [];
    await using server = await serve((request, response) => {
      request.on("data", (chunk: Buffer) => bodies.push(chunk.toString()));
      request.on("end", () => json(response, 200, {}));
    });
    const base = { server: `${server.url}/k8s/clusters/c1/` };
    const config = { ...server.config, getCurrentCluster: () => base };
    await kubeHttp(config, { userAgent: "me/1" }).request({
      method: "PATCH",
      path,
      query: { fieldManager: "a b", dryRun: undefined },
      body: { text: "ünï" },
      contentType: "application/merge-patch+json",
      signal: never,
    });
    expect(server.requests[0]).toMatchObject({
      method: "PATCH",
      url: "/k8s/clusters/c1/api/v1/namespaces/x/pods/y?fieldManager=a+b",
      headers: {
        "content-type": "application/merge-patch+json",
        "user-agent": "me/1",
        "accept-encoding": "identity",
      },
    });
    expect(bodies).toEqual(['{"text":"ünï"}']);
  });

  test("reads share kept-alive sockets, a write that may not be repeated has its own", async () => {
    await using server = await serve((_, response) => json(response, 200, {}));
    const http = kubeHttp(server.config);
    for (let i = 0; i < 3; i++) await http.request(get);
    expect(new Set(server.requests.map((request) => request.socket)).size).toBe(1);
    await http.request(post);
    expect(new Set(server.requests.map((request) => request.socket)).size).toBe(2);
    expect(server.requests.at(-1)?.headers.connection).toBe("close");
    http.close();
    await until(() => server.connections() === 0);
  });
});

describe("a path that a URL would turn into another", () => {
  // The API server takes a DELETE of `…/pods/` for one of all pods.
  test.each(["", ".", "..", "%2e", "%2E.", "/y"])("is never sent: a name of %j", async (name) => {
    await using server = await serve((_, response) => json(response, 200, {}));
    const http = kubeHttp(server.config);
    const all = `/api/v1/namespaces/x/pods/${name}`;
    await expect(http.request({ method: "DELETE", path: all, signal: never })).rejects.toThrow(
      "path must begin",
    );
    await expect(http.open({ path: `${all}/log`, signal: never })).rejects.toThrow(TypeError);
    expect(server.requests).toEqual([]);
  });
});

describe("trying again", () => {
  test.each([["reset"], ["cut inside the body"], ["503"], ["429"], ["500"]])(
    "a read goes on after: %s",
    async (fault) => {
      await using server = await serve((request, response, nth) => {
        if (nth > 0) json(response, 200, { nth });
        else if (fault === "reset") request.socket.destroy();
        else if (fault.startsWith("cut")) {
          response.writeHead(200, { "Content-Length": "100" });
          response.write("{", () => request.socket.destroy());
        } else
          json(response, Number(fault), status(Number(fault), "R", "no"), { "Retry-After": "0" });
      });
      expect(await kubeHttp(server.config).request(get)).toMatchObject({ body: { nth: 1 } });
    },
  );

  test.each([["reset"], ["500"], ["503"]])(
    "a write does not, unless it is repeatable: %s",
    async (fault) => {
      await using server = await serve((request, response, nth) => {
        if (nth === 1) json(response, 200, {});
        else if (fault === "reset") request.socket.destroy();
        else json(response, Number(fault), status(Number(fault), "R", "no"));
      });
      const http = kubeHttp(server.config);
      await failure(http.request(post));
      expect(server.requests).toHaveLength(1);
      expect(await http.request({ ...post, repeatable: true })).toMatchObject({ kind: "ok" });
    },
  );

  test("a write that was turned away was not carried out, and is tried again", async () => {
    await using server = await serve((_, response, nth) => {
      if (nth > 0) json(response, 201, {});
      else json(response, 429, status(429, "TooManyRequests", "no"), { "Retry-After": "0" });
    });
    expect(await kubeHttp(server.config).request(post)).toMatchObject({ kind: "ok" });
    expect(server.requests).toHaveLength(2);
  });

  test("a write that found no connection was never sent, and is tried again", async () => {
    let port = 1;
    await using server = await serve((_, response) => json(response, 201, {}));
    const config = {
      ...server.config,
      getCurrentCluster: () => {
        const url = port === 1 ? "http://127.0.0.1:1" : server.url;
        port = 2;
        return { server: url };
      },
    };
    expect(await kubeHttp(config).request(post)).toMatchObject({ kind: "ok" });
  });

  test("Retry-After beyond the budget is told, not waited for", async () => {
    await using server = await serve((_, response) =>
      json(response, 429, status(429, "TooManyRequests", "no"), { "Retry-After": "60" }),
    );
    const error = await failure(kubeHttp(server.config).request(get));
    expect(error).toMatchObject({ code: "KUBE_OVERLOADED", retryAfterMs: 60_000 });
    expect(server.requests).toHaveLength(1);
  });

  test("an unreachable server is named when the budget is used up", async () => {
    const config = {
      getCurrentCluster: () => ({ server: "http://127.0.0.1:1" }),
      applyToHTTPSOptions: async () => {},
    };
    const error = await failure(kubeHttp(config, { retryBudgetMs: 50 }).request(get));
    expect(error.code).toBe("KUBE_UNREACHABLE");
    expect(error.message).toBe('get pods "y" in namespace "x": connect ECONNREFUSED 127.0.0.1:1');
  });
});

describe("limits", () => {
  test.each([
    ["no headers", { headerTimeoutMs: 20 }, "no answer within 20 ms"],
    ["half a body", { requestTimeoutMs: 40 }, "took more than"],
  ])("%s", async (what, limits, words) => {
    await using server = await serve((_, response) => {
      if (what === "half a body") response.write("{");
    });
    const http = kubeHttp(server.config, { ...limits, retryBudgetMs: 0 });
    const error = await failure(http.request(get));
    expect(error.code).toBe("KUBE_UNREACHABLE");
    expect(error.message).toContain(words);
    await until(() => server.connections() === 0);
  });

  test.each([["before the answer"], ["inside the body"], ["between two attempts"]])(
    "an abort %s throws its reason and frees the socket",
    async (when) => {
      const controller = new AbortController();
      const reason = new Error("stop");
      await using server = await serve((_, response) => {
        if (when === "inside the body") response.write("{");
        if (when === "between two attempts") json(response, 503, {}, { "Retry-After": "5" });
        setTimeout(() => controller.abort(reason), 10);
      });
      const http = kubeHttp(server.config);
      await expect(http.request({ ...get, signal: controller.signal })).rejects.toBe(reason);
      http.close();
      await until(() => server.connections() === 0);
    },
  );

  test.each([
    [{ requestTimeoutMs: 0 }, "requestTimeoutMs must be from 1"],
    [{ retryBudgetMs: Number.NaN }, "retryBudgetMs must be from 0"],
    [{ openPerSecond: 0 }, "openPerSecond must be more than 0, not 0"],
    [{ userAgent: "a\nb" }, "userAgent must be printable ASCII"],
  ])("the option %o is refused by name", (options, words) => {
    const config = { getCurrentCluster: () => null, applyToHTTPSOptions: async () => {} };
    expect(() => kubeHttp(config, options)).toThrow(words);
  });

  test("a server that says nothing is left when the attempt's time is over, whatever headers may take", async () => {
    await using server = await serve(() => {});
    const http = kubeHttp(server.config, { requestTimeoutMs: 20, retryBudgetMs: 0 });
    const error = await failure(http.request(get));
    expect(error.code).toBe("KUBE_UNREACHABLE");
    expect(error.message).toBe('get pods "y" in namespace "x": the answer took more than 20 ms');
    await until(() => server.connections() === 0);
    http.close();
  });

  test("a client that was closed says so", async () => {
    await using server = await serve(() => {});
    const http = kubeHttp(server.config);
    const pending = failure(http.request(get));
    await until(() => server.requests.length === 1);
    http.close();
    expect((await pending).code).toBe("KUBE_CLOSED");
    expect((await failure(http.request(get))).code).toBe("KUBE_CLOSED");
    expect((await failure(http.open({ path, signal: never }))).code).toBe("KUBE_CLOSED");
    await until(() => server.connections() === 0);
  });
});

test("none of this left an error that nobody caught", () => {
  expect(faults).toEqual([]);
});
