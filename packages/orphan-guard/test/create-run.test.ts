import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  annotations,
  createRun,
  isUnfinished,
  type JobStore,
  type KnownJob,
} from "../src/index.ts";
import { bindings, type Cluster, startCluster } from "./clusters.ts";
import { disturbed, fails, forbidden, type Interference, reset } from "./interference.ts";
import { manifests } from "./manifests.ts";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster[Symbol.asyncDispose]());

const { signal } = new AbortController();
const now = () => new Date("2026-01-02T03:04:05Z");

/** What stands in the cluster under a run's names, as a person would see it. */
async function left(store: JobStore, name: string, namespace: string): Promise<string[]> {
  const job = await store.read({ name, namespace }, signal);
  const isThere = job !== undefined && job.deletionTimestamp === undefined;
  const labels = { "orphan-guard-test": name };
  const secret = { metadata: { name: `${name}-input`, namespace, labels } };
  const isFree = (await store.createSecret(secret, signal)).kind === "created";
  return [...(isThere ? ["job"] : []), ...(isFree ? [] : ["secret"])];
}

async function takeName(store: JobStore, name: string, namespace: string): Promise<void> {
  const { job } = manifests(namespace);
  const { labels = {} } = job.metadata;
  const marks = { [annotations.createId]: "theirs" };
  const metadata = { name, namespace, labels, annotations: marks };
  await store.createJob({ ...job, metadata }, signal);
}

async function create(given: {
  readonly interferences?: readonly Interference[];
  readonly binding?: (typeof bindings)[number];
  readonly signal?: AbortSignal;
  readonly before?: (store: JobStore, name: string, namespace: string) => Promise<unknown>;
}) {
  const plain = cluster.stores[given.binding ?? "kubeJobStore"];
  const { store, calls } = disturbed(plain, given.interferences ?? []);
  const { job, secret } = manifests(cluster.namespace);
  const { name, namespace } = job.metadata;
  await given.before?.(plain, name, namespace);
  const problems: string[] = [];
  const options = { store, job, secrets: [secret], createId: "mine", now };
  const onLeft = (what: string) => problems.push(what);
  const outcome = await createRun({ ...options, onLeft, signal: given.signal ?? signal }).catch(
    (error: unknown) => ({ kind: "failed" as const, error }),
  );
  return { outcome, calls, problems, name, namespace, store: plain };
}

describe.each(bindings)("over %s", (binding) => {
  test("the Job is first, the Secret second, and a patch lets it go", async () => {
    const { outcome, calls, name, namespace, store } = await create({ binding });
    expect(calls).toEqual(["createJob", "createSecret", "patchJob"]);
    expect(outcome).toMatchObject({
      kind: "created",
      unownedSecrets: [],
      job: {
        name,
        suspended: false,
        annotations: {
          [annotations.createId]: "mine",
          [annotations.resumedAt]: "2026-01-02T03:04:05.000Z",
        },
      },
    });
    // The Secret goes with its owner.
    await store.deleteJob({ name, namespace }, signal);
    await expect.poll(() => left(store, name, namespace), { timeout: 15_000 }).toEqual([]);
  });

  test("a taken name is the answer, and nothing is made", async () => {
    const { outcome, calls, name, namespace, store } = await create({ binding, before: takeName });
    expect(outcome).toMatchObject({
      kind: "exists",
      job: { annotations: { [annotations.createId]: "theirs" } },
    });
    expect(calls).toEqual(["createJob", "read"]);
    expect(await left(store, name, namespace)).toEqual(["job"]);
  });
});

describe("a run is created all the same when", () => {
  test.each<[when: string, interferences: Interference[]]>([
    ["the reply to the Job is lost", [{ on: "createJob", when: "after", do: fails(reset()) }]],
    [
      "the reply to the Secret is lost",
      [{ on: "createSecret", nth: 1, when: "after", do: fails(reset()) }],
    ],
    ["the reply to the patch is lost", [{ on: "patchJob", when: "after", do: fails(reset()) }]],
  ])("%s", async (_when, interferences) => {
    const { outcome, name, namespace, store } = await create({ interferences });
    expect(outcome).toMatchObject({ kind: "created", job: { suspended: false } });
    expect(await left(store, name, namespace)).toEqual(["job", "secret"]);
  });

  test("an earlier attempt's Secret has the name", async () => {
    const { outcome, calls } = await create({
      before: (store, name, namespace) =>
        store.createSecret({ metadata: { name: `${name}-input`, namespace } }, signal),
    });
    expect(calls).toEqual([
      "createJob",
      "createSecret",
      "deleteSecret",
      "createSecret",
      "patchJob",
    ]);
    expect(outcome).toMatchObject({ kind: "created" });
  });

  test("a creation of the Secret that got no answer is carried out after the name was freed", async () => {
    let carryOut: (() => Promise<unknown>) | undefined;
    const { outcome, calls } = await create({
      before: async (store, name, namespace) => {
        const secret = { metadata: { name: `${name}-input`, namespace } };
        carryOut = () => store.createSecret(secret, signal);
      },
      interferences: [
        { on: "createSecret", nth: 1, when: "before", do: fails(reset()) },
        { on: "createSecret", nth: 2, when: "before", do: () => carryOut?.() },
      ],
    });
    expect(calls.filter((call) => call.endsWith("Secret"))).toEqual([
      "createSecret",
      "deleteSecret",
      "createSecret",
      "deleteSecret",
      "createSecret",
    ]);
    expect(outcome).toMatchObject({ kind: "created" });
  });
});

describe("a creation that fails leaves nothing and says why, when", () => {
  const plain = new Error("quota exceeded");
  test.each<[when: string, error: Error, interferences: Interference[]]>([
    ["the Job is refused", plain, [{ on: "createJob", when: "before", do: fails(plain) }]],
    [
      "the Job gets no answer and is not there",
      reset(),
      [{ on: "createJob", when: "before", do: fails(reset()) }],
    ],
    [
      "the reply to the Job is lost and the Job cannot be read",
      reset(),
      [
        { on: "createJob", when: "after", do: fails(reset()) },
        { on: "read", nth: 1, when: "before", do: fails(new Error("blind")) },
      ],
    ],
    ["the Secret is refused", plain, [{ on: "createSecret", when: "before", do: fails(plain) }]],
    [
      "no reply to the Secret ever comes",
      reset(),
      [{ on: "createSecret", when: "after", do: fails(reset()) }],
    ],
    ["the patch is refused", plain, [{ on: "patchJob", when: "before", do: fails(plain) }]],
    [
      "the patch gets no answer and did nothing",
      reset(),
      [{ on: "patchJob", when: "before", do: fails(reset()) }],
    ],
  ])("%s", async (_when, error, interferences) => {
    const { outcome, problems, name, namespace, store } = await create({ interferences });
    expect(outcome).toMatchObject({ kind: "failed", error: { message: error.message } });
    expect(problems).toEqual([]);
    await expect.poll(() => left(store, name, namespace), { timeout: 15_000 }).toEqual([]);
  });

  test("the signal aborts while the Job is being created", async () => {
    const controller = new AbortController();
    const stop = () => {
      controller.abort(new Error("cancelled"));
      controller.signal.throwIfAborted();
    };
    const { outcome, name, namespace, store } = await create({
      signal: controller.signal,
      interferences: [{ on: "createJob", when: "after", do: stop }],
    });
    expect(outcome).toMatchObject({ kind: "failed", error: { message: "cancelled" } });
    await expect.poll(() => left(store, name, namespace), { timeout: 15_000 }).toEqual([]);
  });
});

test("what could not be removed is told, and the first error thrown", async () => {
  const { outcome, problems, name } = await create({
    interferences: [
      { on: "createSecret", when: "before", do: fails(new Error("first")) },
      { on: "deleteJob", when: "before", do: fails(new Error("second")) },
    ],
  });
  expect(outcome).toMatchObject({ kind: "failed", error: { message: "first" } });
  expect(problems).toEqual([`Job ${name}`]);
});

describe("a Job that somebody deletes before it is let go", () => {
  test.each<[which: string, replace: boolean]>([
    ["is reported as removed", false],
    ["is reported as removed when another took its name", true],
  ])("%s", async (_which, replace) => {
    let known: KnownJob | undefined;
    const remove = async () => {
      const store = cluster.stores.kubeJobStore;
      const names = { namespace: cluster.namespace, name: known?.name ?? "" };
      await store.deleteJob(names, signal);
      await expect.poll(() => store.read(names, signal), { timeout: 15_000 }).toBeUndefined();
      const { job } = manifests(cluster.namespace);
      if (replace)
        await store.createJob({ ...job, metadata: { ...job.metadata, ...names } }, signal);
    };
    const { outcome } = await create({
      before: async (_store, name, namespace) => void (known = { ...blank, name, namespace }),
      interferences: [{ on: "patchJob", nth: 1, when: "before", do: remove }],
    });
    expect(outcome).toEqual({ kind: "removed" });
  });

  const blank = {
    labels: {},
    annotations: {},
    suspended: false,
    readyPods: 0,
    terminatingPods: 0,
    ended: undefined,
  };
});

describe("without the right to patch Jobs", () => {
  const noJobs: Interference = {
    on: "patchJob",
    when: "before",
    do: fails(forbidden("patch jobs")),
  };
  const noSecrets: Interference = {
    on: "patchSecret",
    when: "before",
    do: fails(forbidden("patch secrets")),
  };

  test("the Secret is first, the Job starts at once, and the owner comes last", async () => {
    const { outcome, calls, name, namespace, store } = await create({ interferences: [noJobs] });
    const [first, ...rest] = calls.filter((call) => call !== "read");
    expect([first, ...rest.slice(0, 3)]).toEqual([
      "createJob",
      "createSecret",
      "patchJob",
      "deleteJob",
    ]);
    const again = rest.slice(3).filter((call) => call !== "createJob");
    expect([again[0], again.at(-1)]).toEqual(["createSecret", "patchSecret"]);
    expect(outcome).toMatchObject({
      kind: "created",
      job: { suspended: false },
      unownedSecrets: [],
    });
    const made = await store.read({ name, namespace }, signal);
    expect(made === undefined ? undefined : isUnfinished(made)).toBe(false);
    await store.deleteJob({ name, namespace }, signal);
    await expect.poll(() => left(store, name, namespace), { timeout: 15_000 }).toEqual([]);
  });

  test("and of Secrets, the caller is told whose to delete", async () => {
    const { outcome, name } = await create({ interferences: [noJobs, noSecrets] });
    expect(outcome).toMatchObject({ kind: "created", unownedSecrets: [`${name}-input`] });
  });

  test("the Secret of a run that took the name meanwhile is left alone", async () => {
    const names = { name: "", namespace: cluster.namespace };
    const overtake = async () => {
      const store = cluster.stores.kubeJobStore;
      await expect.poll(() => store.read(names, signal), { timeout: 15_000 }).toBeUndefined();
      await takeName(store, names.name, names.namespace);
      const theirs = { metadata: { ...names, name: `${names.name}-input` } };
      await store.deleteSecret(theirs.metadata, signal);
      await store.createSecret(theirs, signal);
    };
    const { outcome, calls, name, namespace, store } = await create({
      before: async (_store, name) => void (names.name = name),
      interferences: [noJobs, { on: "deleteJob", when: "after", do: overtake }],
    });
    expect(outcome).toMatchObject({ kind: "exists" });
    expect(await left(store, name, namespace)).toEqual(["job", "secret"]);
    expect(calls).not.toContain("deleteSecret");
  });

  test("a Job that is then refused leaves no Secret", async () => {
    const { outcome, name, namespace, store } = await create({
      interferences: [
        noJobs,
        { on: "createJob", nth: 2, when: "before", do: fails(new Error("quota")) },
      ],
    });
    expect(outcome).toMatchObject({ kind: "failed", error: { message: "quota" } });
    await expect.poll(() => left(store, name, namespace), { timeout: 15_000 }).toEqual([]);
  });
});
