// Leases, as processes that tell each other apart use them.
import { describe } from "vitest";
import { type ClusterUnderTest, test } from "./cluster.ts";
import { newName } from "./job.ts";
import {
  create,
  get,
  type KubeObject,
  list,
  ok,
  patch,
  pathOf,
  refused,
  remove,
} from "./objects.ts";

interface Lease extends KubeObject {
  readonly spec: {
    readonly holderIdentity?: string;
    readonly leaseDurationSeconds?: number;
    readonly renewTime?: string;
    readonly leaseTransitions?: number;
  };
}

/** Six digits of a second, as `metav1.MicroTime` has. */
const renewTime = "2026-01-02T03:04:05.678000Z";

function newLease(
  cluster: ClusterUnderTest,
  spec: object = {},
  name = newName("lease"),
): Promise<Lease> {
  return create<Lease>(cluster, "leases", {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, labels: { of: name } },
    spec: { holderIdentity: "one", leaseDurationSeconds: 30, renewTime, ...spec },
  });
}

function nameIn({ metadata }: Lease): string {
  return metadata.name ?? "";
}

describe.concurrent("a Lease", () => {
  test("is kept as it was written, to the microsecond", async ({ cluster, expect }) => {
    const made = await newLease(cluster, { leaseTransitions: 0 });
    const spec = {
      holderIdentity: "one",
      leaseDurationSeconds: 30,
      renewTime,
      leaseTransitions: 0,
    };
    expect(made.spec).toEqual(spec);
    expect(ok(await get<Lease>(cluster, "leases", nameIn(made))).spec).toEqual(spec);
    const found = await list<Lease>(cluster, "leases", { labelSelector: `of=${nameIn(made)}` });
    expect(found.items.map(nameIn)).toEqual([nameIn(made)]);
  });

  test("of a name that is taken is a 409 AlreadyExists", async ({ cluster, expect }) => {
    const name = nameIn(await newLease(cluster));
    const { http, signal, namespace } = cluster;
    const answer = await http.request({
      method: "POST",
      path: `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`,
      body: { metadata: { name } },
      signal,
    });
    expect(refused(answer)).toMatchObject({ code: 409, reason: "AlreadyExists" });
  });

  test("of ten renewals with one resourceVersion one is written", async ({ cluster, expect }) => {
    const made = await newLease(cluster);
    const { resourceVersion } = made.metadata;
    const renewals = Array.from({ length: 10 }, (_, writer) => {
      const spec = { renewTime: `2026-01-02T03:04:06.${String(writer).padStart(6, "0")}Z` };
      return patch<Lease>(cluster, ["leases", nameIn(made)], {
        metadata: { resourceVersion },
        spec,
      });
    });
    const answers = await Promise.all(renewals);
    const written = answers.flatMap((answer) => (answer.kind === "ok" ? [answer.body] : []));
    expect(written).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === "conflict")).toHaveLength(9);
    expect(ok(await get<Lease>(cluster, "leases", nameIn(made))).spec).toEqual(written[0]?.spec);
  });

  test("is deleted only as it was read", async ({ cluster, expect }) => {
    const made = await newLease(cluster);
    const { resourceVersion } = made.metadata;
    const target = ["leases", nameIn(made)] as const;
    const renewed = ok(
      await patch<Lease>(cluster, target, { spec: { renewTime: "2026-01-02T03:04:07.000000Z" } }),
    );
    const old = await remove(cluster, target, { body: { preconditions: { resourceVersion } } });
    expect(refused(old)).toMatchObject({ code: 409, reason: "Conflict" });
    const now = { resourceVersion: renewed.metadata.resourceVersion };
    expect((await remove(cluster, target, { body: { preconditions: now } })).kind).toBe("ok");
    expect((await get(cluster, "leases", nameIn(made))).kind).toBe("not-found");
    expect((await patch(cluster, target, { spec: { renewTime } })).kind).toBe("not-found");
  });

  test.for([
    ["leaseDurationSeconds", 0, "must be greater than 0"],
    ["leaseTransitions", -1, "must be greater than or equal to 0"],
  ] as const)("whose %s is %d is refused", async ([field, value, rule], { cluster, expect }) => {
    const answer = await written(cluster, { [field]: value });
    expect(answer).toMatchObject({ kind: "invalid", status: { code: 422, reason: "Invalid" } });
    const words = `spec.${field}: Invalid value: ${value}: ${rule}`;
    expect(JSON.stringify(answer)).toContain(words);
  });

  test.for(["yesterday", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678Z"])(
    "whose time is %s is refused",
    async (time, { cluster, expect }) => {
      const answer = await written(cluster, { renewTime: time });
      expect(answer).toMatchObject({
        status: { code: 400, message: expect.stringContaining(`parsing time "${time}"`) },
      });
    },
  );
});

function written(cluster: ClusterUnderTest, spec: object): Promise<unknown> {
  const { http, signal } = cluster;
  const body = { metadata: { name: newName("lease") }, spec };
  return http.request({ method: "POST", path: pathOf(cluster, "leases"), body, signal });
}
