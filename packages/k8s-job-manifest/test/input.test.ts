import { array, assert, integer, property, record, uint8Array } from "fast-check";
import { describe, expect, test } from "vitest";
import { buildRun } from "../src/index.ts";
import { type Entry, pieces } from "../src/secret-pieces.ts";
import { spec } from "./spec.ts";

describe("pieces", () => {
  test("no Secret is too large, nothing is lost, and what may be cut keeps its order", () => {
    const limit = 50;
    const values = array(uint8Array({ maxLength: limit }), { maxLength: 8 });
    const given = record({
      values,
      stdin: uint8Array({ maxLength: 400 }),
      at: integer({ min: 0, max: 8 }),
    });
    assert(
      property(given, ({ values: contents, stdin, at }) => {
        const entries: Entry[] = contents.map((content, index) => ({ key: `v${index}`, content }));
        entries.splice(at, 0, { key: "stdin", content: stdin, cut: (index) => `stdin-${index}` });
        const secrets = pieces(entries, limit);
        for (const secret of secrets) {
          const size = [...secret.values()].reduce((sum, { length }) => sum + length, 0);
          expect(size).toBeLessThanOrEqual(limit);
          expect(secret.size).toBeGreaterThan(0);
        }
        const all = secrets.flatMap((secret) => [...secret]);
        expect(new Set(all.map(([key]) => key)).size).toBe(all.length);
        const joined = all.flatMap(([key, value]) => (key.startsWith("stdin") ? [...value] : []));
        expect(joined).toEqual([...stdin]);
        for (const [index, content] of contents.entries())
          expect(all.find(([key]) => key === `v${index}`)?.[1]).toEqual(content);
      }),
      { seed: 5 },
    );
  });
});

test("a value that just fits does not begin another Secret", () => {
  const entries = [10, 40, 0, 1].map((length, index) => {
    return { key: `v${index}`, content: new Uint8Array(length) };
  });
  expect(pieces(entries, 50).map((secret) => [...secret.keys()])).toEqual([
    ["v0", "v1", "v2"],
    ["v3"],
  ]);
});

describe("an input of more than one Secret", () => {
  const stdin = Uint8Array.from({ length: 2_500_000 }, (_, index) => (index * 7) % 256);
  const given = spec({
    program: { stdin, secretEnv: { TOKEN: "t" }, files: { "/etc/big": "b".repeat(600_000) } },
  });
  const { job, secrets } = buildRun(given);
  const {
    containers: [container],
    volumes,
  } = job.spec.template.spec;

  test("is spread over Secrets that the API server takes", () => {
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual([
      "nightly-h0123456789-input",
      "nightly-h0123456789-input-1",
      "nightly-h0123456789-input-2",
      "nightly-h0123456789-input-3",
    ]);
    for (const { data } of secrets) {
      const bytes = Object.values(data).reduce(
        (sum, value) => sum + Buffer.from(value, "base64").length,
        0,
      );
      expect(bytes).toBeLessThanOrEqual(2 ** 20);
    }
  });

  test("is put together in memory, in order", () => {
    const keys = ["stdin-0", "stdin-1", "stdin-2", "stdin-3"];
    const files = keys.map((key) => `/run/claude-k8s/input/${key}`).join(" ");
    const joined = "/run/claude-k8s/joined/stdin";
    expect(container?.command?.[2]).toBe(`cat ${files} > ${joined} && exec "$@" < ${joined}`);
    const parts = keys.flatMap((key) => secrets.flatMap(({ data }) => data[key] ?? []));
    const arrived = Buffer.concat(parts.map((part) => Buffer.from(part, "base64")));
    expect(arrived.equals(stdin)).toBe(true);
    expect(volumes).toContainEqual({
      name: "run-joined",
      emptyDir: { medium: "Memory", sizeLimit: "4Mi" },
    });
  });

  test("is mounted from all of them, without what is only environment", () => {
    const projected = volumes.find(({ name }) => name === "run-input")?.projected;
    const items = secrets.map(({ metadata, data }) => ({
      secret: {
        name: metadata.name,
        items: Object.keys(data)
          .filter((key) => key !== "env.TOKEN")
          .map((key) => ({ key, path: key })),
      },
    }));
    expect(projected).toEqual({ defaultMode: 0o440, sources: items });
  });
});

describe("a file that is a program", () => {
  const files = {
    "/etc/read": "r",
    "/etc/run": { content: "#!/bin/sh", executable: true },
    "/etc/too": { content: "t" },
  };

  test("is the only one that can be run", () => {
    const { job, secrets } = buildRun(spec({ program: { files } }));
    const [volume] = job.spec.template.spec.volumes;
    expect(volume?.secret?.items?.map(({ key, mode }) => [key, mode])).toEqual([
      ["file-0", undefined],
      ["file-1", 0o550],
      ["file-2", undefined],
      ["stdin", undefined],
    ]);
    expect(volume?.secret?.defaultMode).toBe(0o440);
    expect(Buffer.from(secrets[0]?.data["file-1"] ?? "", "base64").toString()).toBe("#!/bin/sh");
  });

  test("is so in one of several Secrets, too", () => {
    const given = spec({ program: { files, stdin: new Uint8Array(1_500_000) } });
    const { job } = buildRun(given);
    const sources = JSON.stringify(job.spec.template.spec.volumes[0]?.projected?.sources);
    expect(sources).toContain('{"key":"file-1","path":"file-1","mode":360}');
    expect(sources).toContain('{"key":"file-2","path":"file-2"}');
  });
});

test("a variable's value in the second Secret is referred to there", () => {
  const secretEnv = Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [`V${index}`, `${index}`.repeat(120_000)]),
  );
  const { job, secrets } = buildRun(spec({ program: { secretEnv } }));
  for (const { name, valueFrom } of job.spec.template.spec.containers[0]?.env ?? []) {
    const { name: holder, key = "" } = valueFrom?.secretKeyRef ?? {};
    const secret = secrets.find(({ metadata }) => metadata.name === holder);
    expect(Buffer.from(secret?.data[key] ?? "", "base64").toString()).toBe(secretEnv[name]);
  }
  expect(secrets).toHaveLength(2);
});
