// How changes are told.
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { newName } from "./job.ts";
import { create, type KubeObject, list, patch, remove } from "./objects.ts";
import { watch, type WatchEvent } from "./watch.ts";

function secret(cluster: ClusterUnderTest, name: string, batch: string): Promise<KubeObject> {
  return create(cluster, "secrets", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, labels: { batch } },
  });
}

const told = (events: readonly WatchEvent[]): string[] =>
  events.map(({ type, object }) => `${type} ${object.metadata.name ?? ""}`);

describe.concurrent("a watch", () => {
  test("from a list's resourceVersion tells every change once, in order", async ({
    cluster,
    expect,
  }) => {
    const batch = newName("order");
    await secret(cluster, `${batch}-before`, batch);
    const labelSelector = `batch=${batch}`;
    const { resourceVersion } = (await list(cluster, "secrets", { labelSelector })).metadata;
    const seen = await watch(cluster, "secrets", { labelSelector, resourceVersion });
    await secret(cluster, `${batch}-a`, batch);
    await patch(cluster, ["secrets", `${batch}-a`], { metadata: { annotations: { n: "1" } } });
    await secret(cluster, `${batch}-b`, batch);
    await remove(cluster, ["secrets", `${batch}-a`]);
    await remove(cluster, ["secrets", `${batch}-b`]);
    const events = await seen.until(
      ({ type, object }) => type === "DELETED" && object.metadata.name === `${batch}-b`,
    );
    expect(told(events)).toEqual(
      ["ADDED a", "MODIFIED a", "ADDED b", "DELETED a", "DELETED b"].map((line) =>
        line.replace(" ", ` ${batch}-`),
      ),
    );
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(events.length);
  });

  test("without a resourceVersion begins with what is there", async ({ cluster, expect }) => {
    const batch = newName("start");
    await secret(cluster, `${batch}-a`, batch);
    const seen = await watch(cluster, "secrets", { labelSelector: `batch=${batch}` });
    expect(told(await seen.until(() => true))).toEqual([`ADDED ${batch}-a`]);
  });

  test("tells DELETED when an object only stops matching", async ({ cluster, expect }) => {
    const batch = newName("leave");
    const seen = await watch(cluster, "secrets", { labelSelector: `batch=${batch}` });
    await secret(cluster, `${batch}-a`, batch);
    await patch(cluster, ["secrets", `${batch}-a`], { metadata: { labels: { batch: "other" } } });
    await patch(cluster, ["secrets", `${batch}-a`], { metadata: { labels: { batch } } });
    const events = await seen.until((event) => event.type === "DELETED");
    events.push(...(await seen.until(() => true)));
    expect(told(events)).toEqual(["ADDED", "DELETED", "ADDED"].map((type) => `${type} ${batch}-a`));
  });

  test("of one name tells of that name alone", async ({ cluster, expect }) => {
    const batch = newName("single");
    const fieldSelector = `metadata.name=${batch}-b`;
    const seen = await watch(cluster, "secrets", { fieldSelector });
    await secret(cluster, `${batch}-a`, batch);
    await secret(cluster, `${batch}-b`, batch);
    expect(told(await seen.until(() => true))).toEqual([`ADDED ${batch}-b`]);
  });

  test("ends cleanly after timeoutSeconds", async ({ cluster, expect }) => {
    const seen = await watch(cluster, "secrets", {
      labelSelector: "batch=nobody",
      timeoutSeconds: 1,
    });
    expect(seen.status).toBe(200);
    expect(told(await seen.rest())).toEqual([]);
  });
});

describe.concurrent("a watch as a list", () => {
  test("tells what is there, then marks the end of it, then goes on", async ({
    cluster,
    expect,
  }) => {
    const batch = newName("initial");
    await secret(cluster, `${batch}-a`, batch);
    await secret(cluster, `${batch}-b`, batch);
    const seen = await watch(cluster, "secrets", {
      labelSelector: `batch=${batch}`,
      sendInitialEvents: true,
      resourceVersionMatch: "NotOlderThan",
      allowWatchBookmarks: true,
    });
    const initial = await seen.until((event) => event.type === "BOOKMARK");
    expect(told(initial.slice(0, -1)).toSorted()).toEqual([`ADDED ${batch}-a`, `ADDED ${batch}-b`]);
    const mark = initial.at(-1)?.object;
    expect(mark?.kind).toBe("Secret");
    expect(mark?.metadata.annotations).toEqual({ "k8s.io/initial-events-end": "true" });
    expect(mark?.metadata.resourceVersion).toMatch(/^\d+$/);
    await secret(cluster, `${batch}-c`, batch);
    const later = await seen.until((event) => event.type === "ADDED");
    expect(told(later.filter((event) => event.type !== "BOOKMARK"))).toEqual([`ADDED ${batch}-c`]);
  });

  test("without resourceVersionMatch it is a 422", async ({ cluster, expect }) => {
    const seen = await watch(cluster, "secrets", {
      sendInitialEvents: true,
      allowWatchBookmarks: true,
    });
    expect(seen.status).toBe(422);
    expect(seen.message).toContain("resourceVersionMatch");
  });
});

test("with bookmarks, the last thing told before the end is where one stands", async ({
  cluster,
  expect,
}) => {
  const batch = newName("mark");
  const made = await secret(cluster, `${batch}-a`, batch);
  const seen = await watch(cluster, "secrets", {
    labelSelector: `batch=${batch}`,
    allowWatchBookmarks: true,
    timeoutSeconds: 5,
  });
  const events = await seen.rest();
  expect(events[0]?.type).toBe("ADDED");
  expect(events.at(-1)?.type).toBe("BOOKMARK");
  const { metadata } = events.at(-1)?.object ?? {};
  expect(Number(metadata?.resourceVersion)).toBeGreaterThanOrEqual(
    Number(made.metadata.resourceVersion),
  );
});

test("from a resourceVersion that is too old it is an ERROR event: 410 Expired", async ({
  cluster,
  expect,
}) => {
  const name = newName("old");
  await secret(cluster, name, name);
  // More than a server that remembers little remembers.
  for (let n = 0; n < 60; n += 1)
    await patch(cluster, ["secrets", name], { metadata: { annotations: { n: String(n) } } });
  const seen = await watch<KubeObject & { code?: number; reason?: string }>(cluster, "secrets", {
    resourceVersion: "1",
    timeoutSeconds: 2,
  });
  expect(seen.status).toBe(200);
  const [first, ...others] = await seen.rest();
  if (first?.type !== "ERROR") {
    // A real server a minute old may have begun to remember at version 1. Then nothing may be left out.
    expect(cluster.isEmulator).toBe(false);
    const changes = [first, ...others].filter((event) => event?.object.metadata.name === name);
    expect(changes.map((event) => event?.type)).toEqual(["ADDED", ...Array(60).fill("MODIFIED")]);
    return;
  }
  expect(others).toEqual([]);
  expect(first.object).toMatchObject({ kind: "Status", code: 410, reason: "Expired" });
  expect(JSON.stringify(first)).toContain("too old resource version: 1");
});
