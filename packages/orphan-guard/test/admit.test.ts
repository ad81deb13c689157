import { describe, expect, test } from "vitest";
import { admit, apiJobStore, OrphanGuardError } from "../src/index.ts";
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

function ask(list: Lister, signal: AbortSignal = new AbortController().signal) {
  const where = { namespace: "agents", labelSelector: "a=b" };
  return admit({ store: storeOf(list), claim: claim(), ...where, signal });
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

  test("passes an abort through as it is", async () => {
    const reason = new Error("stopped");
    await expect(ask(async () => ({ items: [] }), AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});

function never(): Promise<never> {
  return Promise.reject(new Error("not asked for here"));
}
