import { describe, expect, test } from "vitest";
import { apiJobReader, kubeJobReader } from "../src/index.ts";
import { json, watchServer } from "./watch-server.ts";

const signal = new AbortController().signal;
const job = { namespace: "n", name: "j" };

describe("an answer to a list that names no items says nothing, not even that there are none", () => {
  test.each<[what: string, status: number, body: unknown]>([
    ["an object without items", 200, {}],
    ["nothing", 200, undefined],
    ["404", 404, { kind: "Status", message: "no" }],
  ])("over requests: %s", async (_what, status, body) => {
    await using server = await watchServer((_call, answer) =>
      body === undefined ? void answer.end() : json(answer, status, body),
    );
    const reading = kubeJobReader(server.http).listPods(job, signal);
    await expect(reading).rejects.toMatchObject({
      code: "JOB_WATCH_BLIND",
      message: expect.stringContaining('list pods in namespace "n"'),
    });
  });

  test.each([[undefined], [{}]])("over a client: %o", async (answer) => {
    const batch = { readNamespacedJob: async () => undefined };
    const reader = apiJobReader({ batch, core: { listNamespacedPod: async () => answer } });
    await expect(reader.listPods(job, signal)).rejects.toMatchObject({ code: "JOB_WATCH_BLIND" });
  });

  test("no items are none", async () => {
    await using server = await watchServer((_call, answer) => json(answer, 200, { items: null }));
    expect(await kubeJobReader(server.http).listPods(job, signal)).toEqual([]);
  });
});
