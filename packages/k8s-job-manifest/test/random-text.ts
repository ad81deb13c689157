import { type Arbitrary, constantFrom, oneof, string, stringMatching } from "fast-check";

/** What nobody should pass, but somebody will. */
const wild: Arbitrary<string> = oneof(
  string({ unit: "grapheme" }),
  constantFrom(
    "",
    " ",
    "-",
    ".",
    "..",
    "a..b",
    "A",
    "-a",
    "a-",
    "a b",
    "ä",
    "a/b/c",
    "/",
    "//",
    "/a/../b",
    "a/",
    "x".repeat(64),
    "x".repeat(254),
    "$(X)",
    "job-name",
    "batch.kubernetes.io/job-name",
    "\0",
    "1",
    "true",
    "kubernetes.io/x",
    "example.com/",
    "/x",
    "UPPER.example/x",
    "-1",
    "0",
    "1e99",
    "1Zi",
    "a:b",
    "a@sha256:1",
    "run-input",
    "main",
    "/run/claude-k8s/input",
    "/proc/x",
    "..data",
    "constructor",
    "__proto__",
  ),
);

export function mostly<T>(right: Arbitrary<T>, wrong: Arbitrary<unknown> = wild): Arbitrary<T> {
  return oneof({ arbitrary: right, weight: 250 }, { arbitrary: wrong as Arbitrary<T>, weight: 1 });
}

const label = "[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?";

export const names: Readonly<
  Record<
    | "dnsLabel"
    | "dnsSubdomain"
    | "labelKey"
    | "labelValue"
    | "envName"
    | "image"
    | "absolutePath"
    | "relativePath",
    Arbitrary<string>
  >
> = {
  dnsLabel: stringMatching(new RegExp(`^${label}$`)),
  dnsSubdomain: stringMatching(new RegExp(`^${label}(\\.${label}){0,2}$`)),
  labelKey: stringMatching(
    new RegExp(`^(${label}(\\.${label})?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,8}[A-Za-z0-9])?$`),
  ),
  labelValue: stringMatching(/^([A-Za-z0-9]([A-Za-z0-9_.-]{0,8}[A-Za-z0-9])?)?$/),
  envName: stringMatching(/^[A-Za-z_][A-Za-z0-9_.-]{0,10}$/),
  image: constantFrom(
    "busybox",
    "registry.example.com:5000/team/agent:1.2",
    `ghcr.io/a/b__c/d-e@sha256:${"0123456789abcdef".repeat(4)}`,
    `localhost/x:latest@sha256:${"ab".repeat(32)}`,
  ),
  absolutePath: stringMatching(/^(\/[a-z0-9][a-z0-9._-]{0,8}){1,3}$/),
  relativePath: stringMatching(/^[a-z0-9_-]{1,8}(\/[a-z0-9_-][a-z0-9._-]{0,8}){0,2}$/),
};
