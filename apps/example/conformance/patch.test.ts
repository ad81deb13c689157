// JSON Patch and merge patch, as guarded writes need them.
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { newName } from "./job.ts";
import { create, get, type KubeObject, ok, patch, refused } from "./objects.ts";

function secretWith(
  cluster: ClusterUnderTest,
  metadata: Record<string, unknown>,
): Promise<KubeObject> {
  const name = newName("patched");
  return create(cluster, "secrets", {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, ...metadata },
  });
}

const at = (made: KubeObject): readonly [string, string] => ["secrets", made.metadata.name ?? ""];

describe.concurrent("JSON Patch", () => {
  test("tests, adds, replaces and removes in one step", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, { annotations: { epoch: "1", gone: "soon" } });
    const after = ok(
      await patch(cluster, at(made), [
        { op: "test", path: "/metadata/uid", value: made.metadata.uid },
        { op: "replace", path: "/metadata/annotations/epoch", value: "2" },
        { op: "add", path: "/metadata/annotations/example.com~1key", value: "new" },
        { op: "remove", path: "/metadata/annotations/gone" },
      ]),
    );
    expect(after.metadata.annotations).toEqual({ epoch: "2", "example.com/key": "new" });
    expect(after.metadata.uid).toBe(made.metadata.uid);
    expect(after.metadata.resourceVersion).not.toBe(made.metadata.resourceVersion);
  });

  test("a test that fails is a 422, and nothing is written", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, { annotations: { epoch: "1" } });
    const answer = await patch(cluster, at(made), [
      { op: "test", path: "/metadata/annotations/epoch", value: "7" },
      { op: "replace", path: "/metadata/annotations/epoch", value: "8" },
    ]);
    expect(answer.kind).toBe("invalid");
    expect(refused(answer)).toMatchObject({ code: 422, reason: "Invalid" });
    expect(ok(await get(cluster, ...at(made)))).toEqual(made);
  });

  test("a path into a map that is missing is a 422 too", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, {});
    for (const op of ["add", "test"]) {
      const answer = await patch(cluster, at(made), [
        { op, path: "/metadata/annotations/epoch", value: "1" },
      ]);
      expect(refused(answer)).toMatchObject({ code: 422, reason: "Invalid" });
    }
  });

  test("a patch that changes nothing leaves the resourceVersion", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, { annotations: { epoch: "1" } });
    const after = ok(
      await patch(cluster, at(made), [
        { op: "replace", path: "/metadata/annotations/epoch", value: "1" },
      ]),
    );
    expect(after).toEqual(made);
  });

  test("of a name that nothing has is a 404", async ({ cluster, expect }) => {
    const answer = await patch(
      cluster,
      ["secrets", "nobody"],
      [{ op: "add", path: "/metadata/labels", value: {} }],
    );
    expect(answer.kind).toBe("not-found");
  });
});

describe.concurrent("merge patch", () => {
  test("adds keys, and removes those that are null", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, { annotations: { keep: "1", drop: "1" } });
    const after = ok(
      await patch(cluster, at(made), { metadata: { annotations: { drop: null, add: "1" } } }),
    );
    expect(after.metadata.annotations).toEqual({ keep: "1", add: "1" });
  });

  test("makes a map that is missing", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, {});
    const after = ok(await patch(cluster, at(made), { metadata: { annotations: { epoch: "1" } } }));
    expect(after.metadata.annotations).toEqual({ epoch: "1" });
  });

  test("with the resourceVersion that was read it is written", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, {});
    const { resourceVersion } = made.metadata;
    const body = { metadata: { resourceVersion, annotations: { epoch: "1" } } };
    expect((await patch(cluster, at(made), body)).kind).toBe("ok");
  });

  test("with an older resourceVersion it is a 409 Conflict", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, {});
    const { resourceVersion } = made.metadata;
    await patch(cluster, at(made), { metadata: { labels: { other: "writer" } } });
    const answer = await patch(cluster, at(made), {
      metadata: { resourceVersion, annotations: { epoch: "1" } },
    });
    expect(answer.kind).toBe("conflict");
    expect(refused(answer)).toMatchObject({ code: 409, reason: "Conflict" });
    expect(ok(await get(cluster, ...at(made))).metadata.annotations).toBeUndefined();
  });

  test("with another uid it is a 422: a uid cannot be changed", async ({ cluster, expect }) => {
    const made = await secretWith(cluster, {});
    const uid = "00000000-0000-4000-8000-000000000000";
    const answer = await patch(cluster, at(made), { metadata: { uid, labels: { a: "b" } } });
    expect(refused(answer)).toMatchObject({ code: 422, reason: "Invalid" });
  });
});
