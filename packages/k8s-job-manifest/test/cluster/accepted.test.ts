import { sample } from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildRun, type RunSpec, validateRun } from "../../src/index.ts";
import { anySpec } from "../random-spec.ts";
import { kubeconfig, namespace, restrictedNamespace } from "./cluster.ts";

const runs = Number(process.env["CONFORMANCE_RUNS"] ?? 1_000);
const workers = 8;
let cluster: Awaited<ReturnType<typeof restrictedNamespace>>;

describe.skipIf(kubeconfig === undefined)("a real API server", { timeout: 600_000 }, () => {
  beforeAll(async () => {
    cluster = await restrictedNamespace(kubeconfig ?? "");
  }, 120_000);
  afterAll(() => cluster[Symbol.asyncDispose](), 180_000);

  test("accepts whatever passes our validation, Job, Secrets and pod", async () => {
    const seed = Number(process.env["CONFORMANCE_SEED"] ?? 1);
    const specs = sample(anySpec(namespace), { numRuns: runs, seed }).filter(
      (spec) => validateRun(spec).length === 0,
    );
    const rejected: string[] = [];
    const accept = async (from: number) => {
      for (let index = from; index < specs.length; index += workers)
        await dryRun(specs[index] as RunSpec).catch((error: unknown) =>
          rejected.push(String(error)),
        );
    };
    await Promise.all(Array.from({ length: workers }, (_, index) => accept(index)));
    expect(rejected).toEqual([]);
    expect(specs.length).toBeGreaterThan(runs * 0.3);
    console.log(`${specs.length} of ${runs} random specs pass validation, 0 of them were rejected`);
  });
});

async function dryRun(spec: RunSpec): Promise<void> {
  const { job, secrets } = buildRun(spec);
  const strictly = { namespace, dryRun: "All", fieldValidation: "Strict" };
  await cluster.batch.createNamespacedJob({ ...strictly, body: job });
  for (const body of secrets) await cluster.core.createNamespacedSecret({ ...strictly, body });
  // Of the pod, all but names of things that would have to exist.
  const { metadata, spec: pod } = structuredClone(job.spec.template);
  delete pod.serviceAccountName;
  delete pod.priorityClassName;
  delete pod.runtimeClassName;
  const body = { metadata: { ...metadata, name: "dry" }, spec: pod };
  await cluster.core.createNamespacedPod({ ...strictly, body });
}
