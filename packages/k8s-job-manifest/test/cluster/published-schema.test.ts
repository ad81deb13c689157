import { sample } from "fast-check";
import { KubeConfig } from "@kubernetes/client-node";
import { beforeAll, describe, expect, test } from "vitest";
import { buildRun, validateRun } from "../../src/index.ts";
import { anySpec } from "../random-spec.ts";
import { kubeconfig } from "./cluster.ts";
import { publishedSchema } from "./published-schema.ts";

const runs = Number(process.env["CONFORMANCE_SCHEMA_RUNS"] ?? 10_000);
/** At a time, so that they need not all be in memory. */
const batch = 1_000;

let isJob: Awaited<ReturnType<typeof validator>>;
let isSecret: typeof isJob;

describe.skipIf(kubeconfig === undefined)("the published schema", { timeout: 300_000 }, () => {
  beforeAll(async () => {
    isJob = await validator("apis/batch/v1", "io.k8s.api.batch.v1.Job");
    isSecret = await validator("api/v1", "io.k8s.api.core.v1.Secret");
  });

  test("fits whatever passes our validation, Job and Secrets", () => {
    const seed = Number(process.env["CONFORMANCE_SEED"] ?? 2);
    let passed = 0;
    for (let done = 0; done < runs; done += batch) {
      const specs = sample(anySpec("agents"), { numRuns: batch, seed: seed + done });
      for (const spec of specs.filter((one) => validateRun(one).length === 0)) {
        const { job, secrets } = buildRun(spec);
        passed += 1;
        expect(problems(isJob, job)).toEqual([]);
        expect(secrets.flatMap((secret) => problems(isSecret, secret))).toEqual([]);
      }
    }
    console.log(`${passed} of ${runs} random specs pass validation, and all fit the schema`);
    expect(passed).toBeGreaterThan(runs * 0.3);
  });

  test.each<[what: string, spec: object]>([
    ["a wrong type", { template: {}, backoffLimit: "0" }],
    ["a field that there is not", { template: {}, backOffLimit: 0 }],
    ["a wrong type deep inside", { template: { spec: { containers: [{ name: 1 }] } } }],
    ["a field that is missing", { backoffLimit: 0 }],
  ])("refuses %s", (_what, spec) => {
    expect(problems(isJob, { apiVersion: "batch/v1", kind: "Job", spec })).not.toEqual([]);
  });
});

async function validator(group: "api/v1" | "apis/batch/v1", kind: string) {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig ?? "");
  return (await publishedSchema(config, group))(kind);
}

function problems(validate: typeof isJob, object: unknown): string[] {
  validate(object);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
