import { describe, expect, test } from "vitest";
import {
  buildRun,
  forbiddenOverlayFields,
  type JobManifest,
  type PodTemplateOverlay,
  validateRun,
} from "../src/index.ts";
import { strategicMerge } from "../src/strategic-merge.ts";
import { spec } from "./spec.ts";

function template(overlay: PodTemplateOverlay) {
  return buildRun(spec({ program: { env: { A: "1", B: "2" } }, overlay })).job.spec.template;
}

describe("an overlay", () => {
  test("changes things by their keys and leaves the others", () => {
    const { spec: pod, metadata } = template({
      metadata: { labels: { "example.com/team": "blue" } },
      spec: {
        terminationMessagePath: null,
        containers: [
          {
            name: "main",
            env: [
              { name: "B", value: "3" },
              { name: "C", value: "4" },
            ],
            stdin: true,
          },
        ],
        volumes: [{ name: "cache", emptyDir: {} }],
        tolerations: [{ operator: "Exists" }],
        securityContext: { fsGroup: 2000 },
      },
    });
    expect(metadata.labels).toEqual({ "example.com/agent": "a1", "example.com/team": "blue" });
    expect(pod.containers[0]).toMatchObject({
      name: "main",
      image: "registry.example.com/agent:1.2",
      stdin: true,
      env: [
        { name: "A", value: "1" },
        { name: "B", value: "3" },
        { name: "C", value: "4" },
      ],
    });
    expect(pod.volumes.map(({ name }) => name)).toEqual(["run-input", "cache"]);
    expect(pod.securityContext).toMatchObject({ fsGroup: 2000, runAsUser: 1000 });
  });

  test("can relax what is strict by default, for it was asked for by name", () => {
    const { spec: pod } = template({ spec: { automountServiceAccountToken: true } });
    expect(pod.automountServiceAccountToken).toBe(true);
  });

  test.each([
    ["spec.restartPolicy", { restartPolicy: "OnFailure" }],
    ["spec.hostNetwork", { hostNetwork: true }],
    ["spec.containers[main].command", { containers: [{ name: "main", command: ["sh"] }] }],
    ["spec.containers[main].args", { containers: [{ name: "main", args: [] }] }],
    ["spec.volumes[run-input]", { volumes: [{ name: "run-input", emptyDir: {} }] }],
    ["spec.nodeName", { nodeName: "n1" }],
  ])("may not touch %s", (path, pod) => {
    const { why = "" } = forbiddenOverlayFields.find((field) => field.path === path) ?? {};
    const [problem, ...more] = validateRun(spec({ overlay: { spec: pod } }));
    expect(problem).toMatchObject({ path: `overlay.${path}`, rule: `left out: ${why}` });
    expect(more).toEqual([]);
  });

  test("may touch each forbidden field of no run but through the list", () => {
    for (const { path } of forbiddenOverlayFields) {
      const overlay = path
        .split(/\.|(?=\[)/)
        .toReversed()
        .reduce<unknown>((inner, step) => {
          const name = /^\[(.*)\]$/.exec(step)?.[1];
          if (name === undefined) return { [step]: inner };
          return [{ name, ...(typeof inner === "object" ? inner : {}) }];
        }, "x");
      const problems = validateRun(spec({ overlay: overlay as PodTemplateOverlay }));
      expect(problems.map((problem) => problem.path)).toContain(`overlay.${path}`);
    }
  });

  test("with the program's container under another name is no second container", () => {
    const overlay = { spec: { containers: [{ name: "other", image: "x" }] } };
    expect(validateRun(spec({ overlay }))).toEqual([
      {
        path: "overlay: names of spec.template.spec.containers",
        value: '["main","other"]',
        rule: 'left as ["main"]',
      },
    ]);
  });
});

describe("a transform", () => {
  test("has the last word", () => {
    const given = spec({ transform: (job) => ({ ...job, spec: { ...job.spec, completions: 1 } }) });
    expect(buildRun(given).job.spec).toMatchObject({ completions: 1 });
  });

  test("works on a copy", () => {
    const seen: JobManifest[] = [];
    const given = spec({ transform: (job) => (seen.push(job), { ...job }) });
    buildRun(given).job.metadata.labels["x"] = "y";
    expect(buildRun(given).job.metadata.labels).not.toHaveProperty("x");
    expect(new Set(seen).size).toBe(2);
  });

  test.each<[what: string, change: (job: JobManifest) => void, path: RegExp]>([
    ["rename the Job", (job) => void (job.metadata.name = "x"), /metadata.name/],
    ["let it start", (job) => void (job.spec.suspend = false), /suspend/],
    ["run it twice", (job) => void (job.spec.backoffLimit = 1), /backoffLimit/],
    ["take the program away", (job) => void (job.spec.template.spec.containers = []), /containers/],
    ["take the input away", (job) => void (job.spec.template.spec.volumes = []), /run-input/],
    [
      "unmount the input",
      ({ spec: { template } }) => void template.spec.containers[0]?.volumeMounts.shift(),
      /volumeMounts/,
    ],
  ])("may not %s", (_what, change, path) => {
    const transform = (job: JobManifest) => {
      change(job);
      return job;
    };
    const [problem] = validateRun(spec({ suspend: true, transform }));
    expect(problem?.path).toMatch(path);
    expect(problem?.path).toMatch(/^transform: /);
  });

  test("may not make a Job that etcd refuses", () => {
    const annotations = { big: "x".repeat(1_400_000) };
    const given = spec({
      transform: (job) => ({ ...job, metadata: { ...job.metadata, annotations } }),
    });
    expect(validateRun(given).map(({ rule }) => rule)).toEqual([
      "at most 1400000 bytes",
      "at most 262144 bytes in all",
    ]);
  });
});

describe("strategicMerge", () => {
  test.each<[what: string, base: object, patch: object, merged: object]>([
    ["null removes a field", { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ["undefined says nothing", { a: 1 }, { a: undefined }, { a: 1 }],
    ["other lists are replaced", { args: ["a"] }, { args: ["b"] }, { args: ["b"] }],
    ["records are merged", { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
    ["a value replaces a record", { a: { b: 1 } }, { a: 1 }, { a: 1 }],
    [
      "an item is removed on request",
      { env: [{ name: "A" }, { name: "B" }] },
      { env: [{ name: "A", $patch: "delete" }] },
      { env: [{ name: "B" }] },
    ],
    [
      "tolerations of one key and two effects stay two",
      { tolerations: [{ key: "a", effect: "NoExecute" }] },
      { tolerations: [{ key: "a", effect: "NoSchedule" }] },
      {
        tolerations: [
          { key: "a", effect: "NoExecute" },
          { key: "a", effect: "NoSchedule" },
        ],
      },
    ],
    [
      "a new item loses its nulls",
      {},
      { env: [{ name: "A", value: null }] },
      { env: [{ name: "A" }] },
    ],
    [
      "a list named as no list is",
      { constructor: [1] },
      { constructor: [2] },
      { constructor: [2] },
    ],
  ])("%s", (_what, base, patch, merged) => {
    const before = structuredClone(base);
    expect(strategicMerge(base, patch)).toEqual(merged);
    expect(base).toEqual(before);
  });
});
