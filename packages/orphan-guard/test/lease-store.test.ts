import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { kubeLeaseStore, type KnownLease, type LeaseStore } from "../src/index.ts";
import { type Cluster, startCluster } from "./clusters.ts";

let cluster: Cluster;
let leases: LeaseStore;
const { signal } = new AbortController();

beforeAll(async () => {
  cluster = await startCluster();
  leases = kubeLeaseStore(cluster.http, cluster.namespace);
});
afterAll(() => cluster[Symbol.asyncDispose]());

async function created(identity: string): Promise<KnownLease> {
  const made = await leases.create(identity, 30_000, signal);
  if (made.kind !== "created") throw new Error("taken");
  return made.lease;
}

test("a Lease is created once, listed, renewed and deleted", async () => {
  const identity = randomUUID();
  const lease = await created(identity);
  expect(lease).toMatchObject({ identity, name: `claude-k8s-${identity}`, durationMs: 30_000 });
  expect(await leases.create(identity, 30_000, signal)).toEqual({ kind: "exists" });
  expect(await leases.list(signal)).toContainEqual(lease);
  const renewed = await leases.renew(lease, signal);
  if (renewed.kind !== "renewed") throw new Error(renewed.kind);
  expect(renewed.lease.stamp).not.toBe(lease.stamp);
  await leases.delete(lease, signal); // Renewed since: it stays.
  expect(await leases.list(signal)).toContainEqual(renewed.lease);
  await leases.delete(renewed.lease, signal);
  await leases.delete(renewed.lease, signal);
  expect((await leases.list(signal)).map((one) => one.identity)).not.toContain(identity);
  expect(await leases.renew(renewed.lease, signal)).toEqual({ kind: "not-found" });
});

test("a renewal by what was read before another's write changes nothing", async () => {
  const lease = await created(randomUUID());
  const [first, second] = [await leases.renew(lease, signal), await leases.renew(lease, signal)];
  expect([first.kind, second.kind]).toEqual(["renewed", "conflict"]);
  await leases.delete({ name: lease.name }, signal);
});

test("Leases of others in the namespace are not seen", async () => {
  const name = `other-${randomUUID()}`;
  const path = `/apis/coordination.k8s.io/v1/namespaces/${cluster.namespace}/leases`;
  const body = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name },
    spec: { holderIdentity: "x" },
  };
  await cluster.http.request({ method: "POST", path, body, signal });
  expect((await leases.list(signal)).map((one) => one.name)).not.toContain(name);
  await cluster.http.request({ method: "DELETE", path: `${path}/${name}`, signal });
});

test("requests for Leases wait for nobody's turn", async () => {
  const said: [method: string, urgent: boolean | undefined][] = [];
  const noting = kubeLeaseStore(
    {
      request(request) {
        said.push([request.method, request.urgent]);
        return cluster.http.request(request);
      },
    },
    cluster.namespace,
  );
  const made = await noting.create(randomUUID(), 30_000, signal);
  if (made.kind !== "created") throw new Error("taken");
  await noting.list(signal);
  await noting.renew(made.lease, signal);
  await noting.delete({ name: made.lease.name }, signal);
  expect(said).toEqual(["POST", "GET", "PATCH", "DELETE"].map((method) => [method, true]));
});
