import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { kubeConfigOf, kubeConfigOfEnvironment, standalone } from "../../src/cluster/kubeconfig.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kubeconfig-test-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function written(user: object, cluster: object): string {
  const file = join(folder, "config");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    contexts: [{ name: "c", context: { cluster: "k", user: "u", namespace: "mine" } }],
    clusters: [{ name: "k", cluster: { server: "https://example.invalid:6443", ...cluster } }],
    users: [{ name: "u", user }],
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

test("what stands in files is written out, so that the text can be passed on", () => {
  writeFileSync(join(folder, "ca.crt"), "the authority");
  writeFileSync(join(folder, "key"), "the key");
  const user = { "client-certificate-data": "Y2VydA==", "client-key": join(folder, "key") };
  const file = written(user, { "certificate-authority": join(folder, "ca.crt") });
  vi.stubEnv("KUBECONFIG", file);
  const config = kubeConfigOf(standalone(kubeConfigOfEnvironment()));
  expect(config.getCurrentCluster()).toMatchObject({
    server: "https://example.invalid:6443",
    caData: Buffer.from("the authority").toString("base64"),
  });
  expect(config.getCurrentUser()).toMatchObject({
    certData: "Y2VydA==",
    keyData: Buffer.from("the key").toString("base64"),
  });
  expect(config.getContextObject("here")?.namespace).toBe("mine");
});

test("a token takes the place of the user's own credentials", () => {
  vi.stubEnv("KUBECONFIG", written({ username: "root", password: "secret" }, {}));
  const text = standalone(kubeConfigOfEnvironment(), { token: "of a stranger" });
  expect(kubeConfigOf(text).getCurrentUser()?.token).toBe("of a stranger");
  expect(text).not.toContain("secret");
});

test("a way round leaves the server's name alone", () => {
  vi.stubEnv("KUBECONFIG", written({ token: "t" }, {}));
  const text = standalone(kubeConfigOfEnvironment(), { proxyUrl: "http://127.0.0.1:8080" });
  expect(kubeConfigOf(text).getCurrentCluster()).toMatchObject({
    server: "https://example.invalid:6443",
    proxyUrl: "http://127.0.0.1:8080",
  });
});

test.each([
  [
    "a file that does not exist",
    "/nowhere/kubeconfig",
    /\$KUBECONFIG \(\/nowhere\/kubeconfig\) cannot be read/,
  ],
  ["no current cluster", undefined, /names no current cluster/],
])("%s is named", (_what, path, message) => {
  const empty = join(folder, "empty");
  writeFileSync(
    empty,
    '{"apiVersion":"v1","kind":"Config","clusters":[],"users":[],"contexts":[]}',
  );
  vi.stubEnv("KUBECONFIG", path ?? empty);
  expect(() => kubeConfigOfEnvironment()).toThrow(message);
});
