// What must hold of the files themselves: they name no registry, no machine, and nothing that is built.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const tracked = execFileSync("git", ["ls-files", "-z"], { encoding: "utf8" })
  .split("\0")
  .filter((file) => file !== "");
const textFiles = tracked.filter((file) =>
  /\.(ts|mjs|json|ya?ml|md|sh)$|Dockerfile$|^\.ci\//.test(file),
);

test("the lockfile and the settings name no registry", () => {
  expect(readFileSync("pnpm-lock.yaml", "utf8")).not.toMatch(
    /tarball:|registry\s*[:=]|https?:\/\/(?!.*github)/,
  );
  expect(tracked.filter((file) => /(^|\/)\.npmrc$/.test(file))).toEqual([]);
});

test("no built file is tracked", () => {
  expect(
    tracked.filter((file) => /(^|\/)(dist|coverage|node_modules|\.reports)\/|\.tgz$/.test(file)),
  ).toEqual([]);
});

test("no test is skipped or run alone by a leftover mark", () => {
  const marked = textFiles
    .filter((file) => file.endsWith(".test.ts") && file !== "test/repository.test.ts")
    .filter((file) => /\b(?:test|it|describe)\.only\(|vi\.mock\(/.test(readFileSync(file, "utf8")));
  expect(marked).toEqual([]);
});

test("relative links in the documents lead somewhere", () => {
  const known = new Set(tracked);
  const broken = textFiles
    .filter((file) => file.endsWith(".md"))
    .flatMap((file) => {
      const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
      return [...readFileSync(file, "utf8").matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
        .map((match) => new URL(match[1] ?? "", `file:///${folder}`).pathname.slice(1))
        .filter(
          (target) =>
            !known.has(target) &&
            !tracked.some((one) => one.startsWith(`${target.replace(/\/$/, "")}/`)),
        )
        .map((target) => `${file} → ${target}`);
    });
  expect(broken).toEqual([]);
});
