// What a kubeconfig and a pod hold to know the server and to be known by it, through both majors of client-node.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { createCertificate, type ServerCertificate } from "@claude-k8s/kubernetes-emulator";
import { KubeConfig as KubeConfig2 } from "@kubernetes/client-node";
import { KubeConfig as KubeConfig1 } from "@kubernetes/client-node-1";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { kubeHttp } from "../src/index.ts";
import { json, listen } from "./support/server.ts";

const signal = new AbortController().signal;
const get = { method: "GET", path: "/api/v1/namespaces/x/pods", signal } as const;
const openLog = { path: "/api/v1/namespaces/x/pods/p/log", signal } as const;

let own: ServerCertificate;
let strange: ServerCertificate;
beforeAll(async () => {
  [own, strange] = await Promise.all([
    createCertificate(Date.now()),
    createCertificate(Date.now()),
  ]);
});
afterEach(() => void vi.useRealTimers());

/** Asks every client for a certificate of its own authority; answers the client's subject, to a stream as its body. */
async function serveTls(): Promise<
  AsyncDisposable & { readonly url: string; readonly tokens: (string | undefined)[] }
> {
  const asking = { ca: own.ca, requestCert: true, rejectUnauthorized: false };
  const tokens: (string | undefined)[] = [];
  const server = createServer({ cert: own.cert, key: own.key, ...asking }, (request, response) => {
    tokens.push(request.headers.authorization);
    const peer = request.socket as TLSSocket;
    const name = peer.authorized ? peer.getPeerCertificate().subject.CN : "nobody";
    if (request.url?.includes("/log") === true) response.end(name);
    else json(response, 200, { name });
  });
  server.on("tlsClientError", () => {});
  const port = await listen(server);
  return {
    url: `https://127.0.0.1:${port}`,
    tokens,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

describe.each([
  ["1.x", KubeConfig1],
  ["2.x", KubeConfig2],
] as const)("client-node %s", (_major, KubeConfig) => {
  function configFor(server: string, ca: string, user: object): InstanceType<typeof KubeConfig> {
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: "c", server, caData: base64(ca) }],
      users: [{ name: "u", ...user }],
      contexts: [{ name: "x", cluster: "c", user: "u" }],
      currentContext: "x",
    });
    return config;
  }

  test("a client certificate and the cluster's own authority are used for requests and streams", async () => {
    await using server = await serveTls();
    const user = { certData: base64(own.cert), keyData: base64(own.key) };
    const http = kubeHttp(configFor(server.url, own.ca, user));
    const answer = await http.request<{ name: string }>(get);
    expect(answer).toMatchObject({ kind: "ok", body: { name: "kubernetes-emulator" } });
    const { body } = await http.open(openLog);
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("kubernetes-emulator");
    http.close();
  });

  test("a server of another authority is not talked to", async () => {
    await using server = await serveTls();
    const http = kubeHttp(configFor(server.url, strange.ca, {}), { retryBudgetMs: 0 });
    await expect(http.request(get)).rejects.toMatchObject({ code: "KUBE_UNREACHABLE" });
    await expect(http.open(openLog)).rejects.toThrow(/certificate|self-signed/);
    http.close();
  });

  test("the token file of a pod is read again as it is rotated", async () => {
    await using server = await serveTls();
    const folder = await mkdtemp(join(tmpdir(), "token-"));
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "first");
    const authProvider = { name: "tokenFile", config: { tokenFile } };
    const http = kubeHttp(configFor(server.url, own.ca, { authProvider }));
    vi.useFakeTimers({ toFake: ["Date"] });
    await http.request(get);
    await writeFile(tokenFile, "second");
    // client-node keeps it for a minute; a kubelet rotates it long before it expires.
    vi.setSystemTime(Date.now() + 61_000);
    await http.request(get);
    await http.open(openLog);
    expect(server.tokens).toEqual(["Bearer first", "Bearer second", "Bearer second"]);
    http.close();
    await rm(folder, { recursive: true });
  });
});
