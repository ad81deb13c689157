// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import { AsyncLocalStorage } from "node:async_hooks";
import { kubeHttp, type KubeHttp } from "@claude-k8s/kube-http";
import { expect, test } from "vitest";
import { createExecutor } from "../src/executor.ts";
import { parseKubeConfig } from "../src/server/k8s-client.ts";
import { cluster } from "./support/cluster.ts";
import { fakeHost, namespace } from "./support/fake-host.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";
import { twoParts } from "./support/two-parts.ts";

/** A busy machine takes its time. */
const patient = { timeout: 20_000 };

test("what runs share is asked in no run's async context, and what a run asks in its own", async () => {
  const asking = new AsyncLocalStorage<string>();
  const asked: { what: string; by: string | undefined }[] = [];
  const [begin = "", ...rest] = healthy;
  const { program, middle, goOn } = twoParts(`${begin}\n`, `${rest.join("\n")}\n`);
  await using emulator = await cluster(program);
  const http = kubeHttp(parseKubeConfig(emulator.kubeConfig).config);
  const note = (path: string, how: string): void => {
    const [what = ""] = path.split(`/namespaces/${namespace}/`).slice(1);
    asked.push({ what: `${how} ${what.split("/")[0]}`, by: asking.getStore() });
  };
  const noted: KubeHttp = {
    request(request) {
      note(request.path, request.method);
      return http.request(request);
    },
    open(request) {
      note(request.path, request.path.endsWith("/log") ? "log of" : "watch");
      return http.open(request);
    },
    close: () => http.close(),
  };
  const executor = createExecutor(
    { getKubeHttp: () => noted, getSelfPodInfo: async () => ({ namespace }) },
    {
      shutdown: { add: () => {}, remove: () => {} },
      followed: { add: () => {}, remove: () => {}, has: () => false },
      times: { leaseMs: 60_000, renewEveryMs: 20, aliveMs: 50_000 },
    },
  );
  const host = fakeHost();
  const executed = asking.run("the run", () => executor.execute(host.context));
  await middle;
  const renewals = () => asked.filter(({ what }) => what === "PATCH leases");
  await expect.poll(() => renewals().length, patient).toBeGreaterThan(1);
  goOn();
  expect((await executed).errorMessage).toBeNull();
  expect(host.output()).toBe(healthyOutput);

  const by = (what: string) =>
    new Set(asked.filter((one) => one.what === what).map((one) => one.by));
  for (const shared of ["POST leases", "PATCH leases", "watch jobs", "watch pods"])
    expect([shared, by(shared)]).toEqual([shared, new Set([undefined])]);
  for (const own of ["POST jobs", "POST secrets", "log of pods", "DELETE jobs"])
    expect([own, by(own)]).toEqual([own, new Set(["the run"])]);
  http.close();
});
