// oxlint-disable typescript/unbound-method -- the emulator hands programs functions
import type { Emulator } from "@claude-k8s/kubernetes-emulator";
import { expect, test } from "vitest";
import { otherNamespaces } from "../src/host/other-namespaces.ts";
import { cluster } from "./support/cluster.ts";
import { fakeHost, type FakeHost, namespace } from "./support/fake-host.ts";
import { serverProcess } from "./support/process.ts";
import { healthy, healthyOutput } from "./support/transcript.ts";
import { twoParts } from "./support/two-parts.ts";

const moved = "moved";

/** The agent's settings name another namespace than before; so does what is stored with its session. */
const inOther = (runId: string, place?: string): FakeHost =>
  fakeHost({
    runId,
    config: { namespace: moved },
    ...(place === undefined ? {} : { runtime: { sessionParams: { sessionId: "s", place } } }),
  });

/** A cluster of two namespaces, where the agent has a run in the first; the run is followed by `one`. */
async function runBefore() {
  const { program, goOn: letGo } = twoParts(`${healthy[0]}\n`, healthyOutput);
  const emulator: Emulator = await cluster(program, { namespaces: [namespace, moved] });
  const one = serverProcess(emulator);
  const first = fakeHost({ runId: "run-1" });
  const executed = one.execute(first.context);
  await expect.poll(() => first.output(), { timeout: 10_000 }).toContain(healthy[0]);
  return {
    emulator,
    one,
    first,
    executed,
    letGo,
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

test("a run does not start beside the agent's run in the namespace that its settings named before", async () => {
  await using before = await runBefore();
  const result = await before.one.execute(inOther("run-2").context);
  expect(result).toMatchObject({
    errorCode: "k8s_concurrent_run_blocked",
    errorMessage: expect.stringContaining(`in the namespace ${namespace}: Job`),
    executionRecovery: { kind: "bootstrap", providerWorkStarted: false },
  });
  before.letGo();
  expect((await before.executed).errorMessage).toBeNull();
  expect((await before.one.execute(inOther("run-3").context)).errorMessage).toBeNull();
});

test("after a restart of the server, the session's place tells where else to look", async () => {
  await using before = await runBefore();
  before.first.cancel("Legacy controller lease lost");
  expect((await before.executed).errorCode).toBe("k8s_run_detached");
  const two = serverProcess(before.emulator);
  const result = await two.execute(inOther("run-2", `${namespace}/claim`).context);
  expect(result.errorCode).toBe("k8s_concurrent_run_blocked");

  // Rights that ended with the move keep nobody from where the agent is now.
  before.emulator.deny({ verb: "list", resource: "jobs", namespace });
  before.letGo();
  const after = await two.execute(inOther("run-3", `${namespace}/claim`).context);
  expect(after.errorMessage).toBeNull();
});

const a1 = { agentId: "a1", kubeconfig: undefined };

test.each<
  [
    what: string,
    now: { agentId: string; kubeconfig: string | undefined },
    place: unknown,
    wanted: string[],
  ]
>([
  ["this process had runs of the agent", a1, undefined, ["b", "a"]],
  ["another agent had them", { ...a1, agentId: "a2" }, undefined, []],
  ["they were in another cluster", { ...a1, kubeconfig: "/k" }, undefined, ["c"]],
  ["the session lies on a claim", a1, "d/claim", ["d", "b", "a"]],
  ["the session's claim is in one of them", a1, "a/claim", ["a", "b"]],
  ["the session's claim is here", a1, "here/claim", ["b", "a"]],
  ["the session lies in no volume", a1, "pod", ["b", "a"]],
  ["what is stored is no place", a1, { a: 1 }, ["b", "a"]],
])("where else is looked when %s", (_what, now, place, wanted) => {
  const others = otherNamespaces();
  for (const namespace of ["a", "here", "b"]) others.note({ ...a1, namespace }, undefined);
  others.note({ ...a1, kubeconfig: "/k", namespace: "c" }, undefined);
  expect(others.note({ ...now, namespace: "here" }, place)).toEqual(wanted);
});

test("of many namespaces an agent was in, the latest are looked into", () => {
  const others = otherNamespaces();
  for (let nth = 1; nth <= 9; nth += 1) others.note({ ...a1, namespace: `n${nth}` }, undefined);
  expect(others.note({ ...a1, namespace: "n9" }, undefined)).toEqual(["n8", "n7", "n6", "n5"]);
});
