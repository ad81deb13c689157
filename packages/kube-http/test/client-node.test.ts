import { KubeConfig as KubeConfig2 } from "@kubernetes/client-node";
import { KubeConfig as KubeConfig1 } from "@kubernetes/client-node-1";
import { describe, expect, test } from "vitest";
import { kubeHttp, KubeHttpError } from "../src/index.ts";
import { connectProxy } from "./support/connect-proxy.ts";
import { json, serve, status, until } from "./support/server.ts";

const never = new AbortController().signal;
const get = { method: "GET", path: "/api/v1/namespaces/x/pods", signal: never } as const;

type User = { name: string; token?: string; username?: string; password?: string; exec?: object };

const majors = [
  ["1.x", KubeConfig1],
  ["2.x", KubeConfig2],
] as const;

describe.each(majors)("client-node %s", (_major, KubeConfig) => {
  function configFor(
    server: string,
    user: User,
    proxyUrl?: string,
  ): InstanceType<typeof KubeConfig> {
    const config = new KubeConfig();
    const cluster = { name: "c", server, skipTLSVerify: true };
    config.loadFromOptions({
      clusters: [proxyUrl === undefined ? cluster : { ...cluster, proxyUrl }],
      users: [user],
      contexts: [{ name: "x", cluster: "c", user: "u" }],
      currentContext: "x",
    });
    return config;
  }

  test("its token is sent", async () => {
    await using server = await serve((_, response) => json(response, 200, {}));
    await kubeHttp(configFor(server.url, { name: "u", token: "t\n" })).request(get);
    expect(server.requests[0]?.headers.authorization).toBe("Bearer t");
  });

  test("an exec plugin is asked, and asked again through the factory after a 401", async () => {
    await using server = await serve((_, response, nth) =>
      nth === 1
        ? json(response, 401, status(401, "Unauthorized", "expired"))
        : json(response, 200, {}),
    );
    let made = 0;
    const http = kubeHttp(() => {
      const token = `token-${++made}`;
      const credential = { apiVersion: "client.authentication.k8s.io/v1", status: { token } };
      const args = ["-e", `console.log(${JSON.stringify(JSON.stringify(credential))})`];
      return configFor(server.url, { name: "u", exec: { command: process.execPath, args } });
    });
    await http.request(get);
    await http.request({ ...get, method: "POST" });
    expect(server.requests.map((request) => request.headers.authorization)).toEqual([
      "Bearer token-1",
      "Bearer token-1",
      "Bearer token-2",
    ]);
    http.close();
  });

  test("a proxy of the kubeconfig is used for requests and streams", async () => {
    await using proxy = await connectProxy("works");
    await using server = await serve((request, response) => {
      if (request.url?.includes("watch") === true) response.write("one\n");
      else json(response, 200, {});
    });
    const http = kubeHttp(configFor(server.url, { name: "u" }, proxy.url), {
      headerTimeoutMs: 200,
    });
    expect(await http.request(get)).toMatchObject({ kind: "ok" });
    const controller = new AbortController();
    const { signal } = controller;
    const stream = await http.open({ path: get.path, query: { watch: true }, signal });
    const iterator = stream.body[Symbol.asyncIterator]();
    expect(Buffer.from((await iterator.next()).value ?? []).toString()).toBe("one\n");
    // The limit for the headers is none for a stream that is open.
    const next = iterator.next().catch((error: unknown) => error);
    const later = new Promise((resolve) => setTimeout(resolve, 300, "still open"));
    expect(await Promise.race([next, later])).toBe("still open");
    controller.abort(new Error("stop"));
    expect(await next).toEqual(new Error("stop"));
    expect(new Set(proxy.targets)).toEqual(new Set([new URL(server.url).host]));
    await until(() => server.connections() === 0);
    http.close();
  });

  test.each(["refuses", "hangs"] as const)("a proxy that %s is a clear failure", async (how) => {
    await using proxy = await connectProxy(how);
    await using server = await serve((_, response) => json(response, 200, {}));
    const config = configFor(server.url, { name: "u" }, proxy.url);
    const http = kubeHttp(config, { headerTimeoutMs: 50, retryBudgetMs: 0 });
    const error: unknown = await http.request(get).catch((caught: unknown) => caught);
    expect(KubeHttpError.isInstance(error) && error.code).toBe("KUBE_UNREACHABLE");
    expect(server.requests).toEqual([]);
    http.close();
  });
});

test.each([
  ["no current cluster", null, "no current cluster"],
  ["no address", { server: "nowhere" }, 'must be a URL, not "nowhere"'],
  [
    "a proxy without an agent",
    { server: "http://127.0.0.1:1", proxyUrl: "http://p" },
    "set no agent",
  ],
])("a configuration with %s is named", async (_what, cluster, words) => {
  const config = { getCurrentCluster: () => cluster, applyToHTTPSOptions: async () => {} };
  await expect(kubeHttp(config).request(get)).rejects.toThrow(words);
});

function noConfig(): never {
  throw new Error("no kubeconfig");
}

test("credentials that cannot be made are named, and 401 twice is the end", async () => {
  await using server = await serve((_, r) => json(r, 401, status(401, "Unauthorized", "no")));
  const broken = {
    ...server.config,
    applyToHTTPSOptions: () => Promise.reject(new Error("plugin: exit 1")),
  };
  await expect(kubeHttp(broken).request(get)).rejects.toMatchObject({
    code: "KUBE_UNAUTHORIZED",
    message: 'list pods in namespace "x": the credentials could not be made: plugin: exit 1',
  });
  await expect(kubeHttp(noConfig).request(get)).rejects.toMatchObject({
    code: "KUBE_UNAUTHORIZED",
    message: 'list pods in namespace "x": the credentials could not be made: no kubeconfig',
  });
  await expect(kubeHttp(server.config).request(get)).rejects.toMatchObject({
    code: "KUBE_UNAUTHORIZED",
  });
  expect(server.requests).toHaveLength(2);
});

test("a plugin that hangs holds up neither an abort nor a request", async () => {
  const config = {
    getCurrentCluster: () => ({ server: "http://127.0.0.1:1" }),
    applyToHTTPSOptions: () => new Promise<void>(() => {}),
  };
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("stop")), 5);
  const request = kubeHttp(config).request({ ...get, signal: controller.signal });
  await expect(request).rejects.toThrow("stop");
  const limited = kubeHttp(config, { headerTimeoutMs: 10 }).request(get);
  await expect(limited).rejects.toThrow('list pods in namespace "x": no credentials within 10 ms');
});
