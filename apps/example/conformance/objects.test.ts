// What the API server answers about objects at rest.
import { describe } from "vitest";
import { test } from "./cluster.ts";
import { newName } from "./job.ts";
import { create, get, list, ok, patch, pathOf, refused } from "./objects.ts";

const secret = (name: string, labels: Record<string, string> = {}): unknown => ({
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name, labels },
  stringData: { greeting: "grüß dich" },
});

describe.concurrent("create and get", () => {
  test("fills in what only the server knows", async ({ cluster, expect }) => {
    const name = newName("made");
    const made = await create(cluster, "secrets", secret(name));
    expect(made).toMatchObject({
      kind: "Secret",
      apiVersion: "v1",
      metadata: { name, namespace: cluster.namespace },
    });
    expect(made.metadata.uid).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(made.metadata.resourceVersion).toMatch(/^\d+$/);
    expect(made.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(ok(await get(cluster, "secrets", name))).toEqual(made);
  });

  test("stringData comes back as data in base64", async ({ cluster, expect }) => {
    const made = await create(cluster, "secrets", secret(newName("data")));
    expect(made).toMatchObject({ data: { greeting: "Z3LDvMOfIGRpY2g=" }, type: "Opaque" });
    expect(made).not.toHaveProperty("stringData");
  });

  test("generateName gets a suffix of five", async ({ cluster, expect }) => {
    const made = await create(cluster, "secrets", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { generateName: "gen-" },
    });
    expect(made.metadata.name).toMatch(/^gen-[a-z0-9]{5}$/);
  });

  test("a name that is taken is a 409 AlreadyExists", async ({ cluster, expect }) => {
    const name = newName("twice");
    await create(cluster, "secrets", secret(name));
    const { http, signal } = cluster;
    const again = await http.request({
      method: "POST",
      path: pathOf(cluster, "secrets"),
      body: secret(name),
      signal,
    });
    expect(again.kind).toBe("conflict");
    expect(refused(again)).toMatchObject({
      code: 409,
      reason: "AlreadyExists",
      message: `secrets "${name}" already exists`,
    });
  });

  test("a name that nothing has is a 404 NotFound", async ({ cluster, expect }) => {
    const answer = await get(cluster, "jobs", "nobody");
    expect(answer.kind).toBe("not-found");
    expect(refused(answer)).toMatchObject({
      code: 404,
      reason: "NotFound",
      message: 'jobs.batch "nobody" not found',
      details: { name: "nobody", group: "batch", kind: "jobs" },
    });
  });

  test("a name that is none is a 422 Invalid", async ({ cluster, expect }) => {
    const { http, signal } = cluster;
    const path = pathOf(cluster, "secrets");
    const answer = await http.request({
      method: "POST",
      path,
      body: secret("Not_A_Name"),
      signal,
    });
    expect(answer.kind).toBe("invalid");
    expect(refused(answer)).toMatchObject({ code: 422, reason: "Invalid" });
  });

  test("in a namespace that does not exist nothing can be made", async ({ cluster, expect }) => {
    const { http, signal } = cluster;
    const path = "/apis/batch/v1/namespaces/claude-k8s-nowhere/jobs";
    const body = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "lost" },
      spec: {
        template: {
          spec: { restartPolicy: "Never", containers: [{ name: "main", image: cluster.image }] },
        },
      },
    };
    const answer = await http.request({ method: "POST", path, body, signal });
    expect(answer.kind).toBe("not-found");
    expect(refused(answer)).toMatchObject({
      code: 404,
      message: 'namespaces "claude-k8s-nowhere" not found',
    });
  });

  test("a write with an older resourceVersion is a 409 Conflict", async ({ cluster, expect }) => {
    const name = newName("old");
    const made = await create(cluster, "secrets", secret(name));
    await patch(cluster, ["secrets", name], { metadata: { labels: { step: "two" } } });
    const { http, signal } = cluster;
    const path = pathOf(cluster, "secrets", name);
    const answer = await http.request({ method: "PUT", path, body: made, signal });
    expect(refused(answer)).toMatchObject({ code: 409, reason: "Conflict" });
  });
});

describe.concurrent("list", () => {
  test("answers a list kind with a resourceVersion, items in the order of their names", async ({
    cluster,
    expect,
  }) => {
    const batch = newName("list");
    for (const word of ["c", "a", "b"])
      await create(cluster, "secrets", secret(`${batch}-${word}`, { batch }));
    const found = await list(cluster, "secrets", { labelSelector: `batch=${batch}` });
    expect(found.kind).toBe("SecretList");
    expect(found.metadata.resourceVersion).toMatch(/^\d+$/);
    expect(found.items.map((item) => item.metadata.name)).toEqual(
      ["a", "b", "c"].map((word) => `${batch}-${word}`),
    );
  });

  test("label selectors: equal, unequal, in, notin, exists, missing, joined", async ({
    cluster,
    expect,
  }) => {
    const batch = newName("labels");
    await create(cluster, "secrets", secret(`${batch}-red`, { batch, colour: "red" }));
    await create(cluster, "secrets", secret(`${batch}-blue`, { batch, colour: "blue" }));
    await create(cluster, "secrets", secret(`${batch}-none`, { batch }));
    const names = async (selector: string): Promise<string[]> => {
      const labelSelector = `batch=${batch},${selector}`;
      const found = await list(cluster, "secrets", { labelSelector });
      return found.items.map((item) => (item.metadata.name ?? "").slice(batch.length + 1));
    };
    expect(await names("colour=red")).toEqual(["red"]);
    expect(await names("colour==blue")).toEqual(["blue"]);
    expect(await names("colour!=red")).toEqual(["blue", "none"]);
    expect(await names("colour in (red, blue)")).toEqual(["blue", "red"]);
    expect(await names("colour notin (red)")).toEqual(["blue", "none"]);
    expect(await names("colour")).toEqual(["blue", "red"]);
    expect(await names("!colour")).toEqual(["none"]);
    expect(await names("colour,colour!=red")).toEqual(["blue"]);
  });

  test("a field selector finds one name", async ({ cluster, expect }) => {
    const batch = newName("fields");
    await create(cluster, "secrets", secret(`${batch}-a`, { batch }));
    await create(cluster, "secrets", secret(`${batch}-b`, { batch }));
    const one = await list(cluster, "secrets", { fieldSelector: `metadata.name=${batch}-b` });
    expect(one.items.map((item) => item.metadata.name)).toEqual([`${batch}-b`]);
  });

  test("a selector that cannot be read is a 400", async ({ cluster, expect }) => {
    const { http, signal } = cluster;
    const answer = await http.request({
      method: "GET",
      path: pathOf(cluster, "secrets"),
      query: { labelSelector: "a in (" },
      signal,
    });
    expect(refused(answer)).toMatchObject({ code: 400, reason: "BadRequest" });
  });

  test("nothing found is an empty list, not a 404", async ({ cluster, expect }) => {
    const found = await list(cluster, "jobs", { labelSelector: "batch=nobody" });
    expect(found).toMatchObject({ kind: "JobList", items: [] });
  });
});

test("who has no right is told verb, resource and namespace in a 403 Status", async ({
  cluster,
  expect,
}) => {
  const stranger = await cluster.stranger();
  const { signal } = cluster;
  const asked = stranger.request({ method: "GET", path: pathOf(cluster, "jobs"), signal });
  await expect(asked).rejects.toMatchObject({ code: "KUBE_DENIED", status: 403 });
  const stream = await stranger.open({ path: pathOf(cluster, "jobs"), signal });
  expect(stream).toMatchObject({ status: 403, reason: "Forbidden" });
  expect(stream.message).toMatch(
    new RegExp(
      `jobs\\.batch is forbidden: User ".+" cannot list resource "jobs" in API group "batch" in the namespace "${cluster.namespace}"`,
    ),
  );
});
