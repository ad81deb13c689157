import { expect, test } from "vitest";
import { envReferences } from "../src/host/env-references.ts";

const key = {
  name: "ANTHROPIC_API_KEY",
  valueFrom: { secretKeyRef: { name: "keys", key: "anthropic" } },
};
const base = {
  name: "ANTHROPIC_BASE_URL",
  valueFrom: { configMapKeyRef: { name: "urls", key: "anthropic" } },
};
const own = { name: "DATABASE_URL", valueFrom: { secretKeyRef: { name: "db", key: "url" } } };
const self = { namespace: "server", inheritedEnvValueFrom: [key, base, own] };

test("in the server's own namespace references are taken over, those of the server are not", () => {
  expect(envReferences(self, "server")).toEqual({ references: [key, base], warnings: [] });
});

test("in another namespace they keep no container from its start, and are named", () => {
  const { references, warnings } = envReferences(self, "agents");
  expect(references).toEqual([
    {
      name: key.name,
      valueFrom: { secretKeyRef: { name: "keys", key: "anthropic", optional: true } },
    },
    {
      name: base.name,
      valueFrom: { configMapKeyRef: { name: "urls", key: "anthropic", optional: true } },
    },
  ]);
  expect(warnings).toEqual([expect.stringContaining("ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL")]);
  expect(warnings[0]).toContain("agents");
});

test("nothing is said where nothing is taken over", () => {
  expect(envReferences({ namespace: "server" }, "agents")).toEqual({
    references: [],
    warnings: [],
  });
});
