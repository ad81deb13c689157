import { describe, expect, test } from "vitest";
import { admit, type AdmitOptions, apiJobStore, OrphanGuardError } from "../src/index.ts";
import { claim } from "./fixtures.ts";

type Lister = (request: { namespace: string; labelSelector: string }) => Promise<unknown>;

/** Objects that answer as client-node's do, with only what these tests ask for. */
function storeOf(listNamespacedJob: Lister) {
  return apiJobStore({
    batch: {
      listNamespacedJob,
      createNamespacedJob: never,
      readNamespacedJob: never,
      patchNamespacedJob: never,
      deleteNamespacedJob: never,
    },
    core: {
      createNamespacedSecret: never,
      patchNamespacedSecret: never,
      deleteNamespacedSecret: never,
    },
  });
}

function ask(list: Lister, options: Pick<Partial<AdmitOptions>, "signal" | "elsewhere"> = {}) {
  const where = { namespace: "agents", labelSelector: "a=b" };
  const { signal } = new AbortController();
  return admit({ store: storeOf(list), claim: claim(), ...where, signal, ...options });
}

describe("admit", () => {
  test("lists by the selector and decides", async () => {
    const asked: unknown[] = [];
    const metadata = {
      name: "j",
      labels: { "paperclip.io/run-id": "run-1", "paperclip.io/task-id": "task-b" },
      creationTimestamp: new Date(0),
    };
    const admission = await ask(async (request) => {
      asked.push(request);
      return {
        items: [{ metadata, status: {} }, { metadata: { deletionTimestamp: new Date(1) } }],
      };
    });
    expect(asked).toEqual([{ namespace: "agents", labelSelector: "a=b" }]);
    expect(admission).toMatchObject({
      kind: "blocked",
      reason: "other-task",
      jobs: [{ name: "j", namespace: "agents", creationTimestamp: "1970-01-01T00:00:00.000Z" }],
    });
  });

  test("makes the list call at once, without a microtask in between", () => {
    let isAsked = false;
    void ask(async () => {
      isAsked = true;
      return { items: [] };
    });
    expect(isAsked).toBe(true);
  });

  test.each<[what: string, error: unknown, code: string]>([
    ["an error", new Error("connect ECONNREFUSED"), "ORPHAN_GUARD_BLIND"],
    ["a 403", Object.assign(new Error("jobs is forbidden"), { code: 403 }), "ORPHAN_GUARD_DENIED"],
    ["a 401", Object.assign(new Error("Unauthorized"), { statusCode: 401 }), "ORPHAN_GUARD_DENIED"],
  ])("is never clear after %s", async (_what, error, code) => {
    const failure: unknown = await ask(() => Promise.reject(error)).catch(
      (reason: unknown) => reason,
    );
    if (!OrphanGuardError.isInstance(failure)) throw new Error("admitted", { cause: failure });
    expect(failure).toMatchObject({ code, cause: error });
    expect(failure.message).toContain((error as Error).message);
    expect(failure.message).toContain("namespace agents");
  });

  test.each([[undefined], [{}], [{ items: null }]])(
    "is never clear after the answer %o",
    async (answer) => {
      await expect(ask(async () => answer)).rejects.toMatchObject({ code: "ORPHAN_GUARD_BLIND" });
    },
  );

  const away = new Error("connect ECONNREFUSED");
  const run = { "paperclip.io/run-id": "run-1", "paperclip.io/task-id": "task-a" };
  const denied = Object.assign(new Error("jobs is forbidden"), { code: 403 });
  test.each<[what: string, there: object[] | Error, expected: object]>([
    ["nothing", [], { kind: "clear" }],
    [
      "a Job that is active",
      [{ metadata: { name: "j", labels: run } }],
      { kind: "blocked", reason: "other-namespace", jobs: [{ name: "j", namespace: "before" }] },
    ],
    [
      "a Job whose pod is on its way out",
      [{ metadata: { name: "j", deletionTimestamp: new Date(1) }, status: { terminating: 1 } }],
      { kind: "blocked", reason: "other-namespace" },
    ],
    [
      "a Job that has ended",
      [
        {
          metadata: { name: "j", labels: run },
          status: { conditions: [{ type: "Complete", status: "True" }] },
        },
      ],
      { kind: "clear" },
    ],
    ["what may not be read", denied, { kind: "clear" }],
    ["what gives no answer", away, { code: "ORPHAN_GUARD_BLIND", cause: away }],
  ])("of a namespace that the claim has left: %s", async (_what, there, expected) => {
    const asked: string[] = [];
    const list: Lister = async ({ namespace }) => {
      asked.push(namespace);
      if (namespace === "agents") return { items: [] };
      if (there instanceof Error) throw there;
      return { items: there };
    };
    const answer = ask(list, { elsewhere: ["before"] }).catch((error: unknown) => error);
    expect(await answer).toMatchObject(expected);
    expect(asked).toEqual(["agents", "before"]);
  });

  test("passes an abort through as it is", async () => {
    const reason = new Error("stopped");
    await expect(
      ask(async () => ({ items: [] }), { signal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});

function never(): Promise<never> {
  return Promise.reject(new Error("not asked for here"));
}
