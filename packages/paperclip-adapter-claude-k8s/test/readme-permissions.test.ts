import { readFileSync } from "node:fs";
import { permissions } from "@claude-k8s/k8s-job-manifest";
import { expect, test } from "vitest";

test("the README's table of permissions has every right, and no other", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const table = readme.slice(readme.indexOf("## Permissions"), readme.indexOf("## Limits"));
  const told = [...table.matchAll(/^\|[^|]*\| `([^`]+)` *\| *([^|]+?) *\|$/gm)].flatMap(
    ([, resource = "", verbs = ""]) =>
      verbs
        .match(/\b(create|get|list|watch|patch|delete)\b/g)
        ?.map((verb) => `${verb} ${resource}`),
  );
  const wanted = permissions.flatMap(({ resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}`)),
  );
  expect(new Set(told)).toEqual(new Set(wanted));
});
