import { expect, test } from "vitest";
import { githubLogin, readRepository, refProblem } from "../../src/workspace/repository.ts";

test.each<[text: string, wanted: object]>([
  [
    "https://github.com/acme/site.git",
    { url: "https://github.com/acme/site.git", origin: "https://github.com" },
  ],
  [
    "http://git.internal:3000/r",
    { url: "http://git.internal:3000/r", origin: "http://git.internal:3000" },
  ],
  [
    "https://me:p%40ss@git.example/r",
    {
      url: "https://git.example/r",
      origin: "https://git.example",
      login: { username: "me", password: "p@ss" },
    },
  ],
  [
    "https://ghp_token@github.com/a/b",
    {
      url: "https://github.com/a/b",
      origin: "https://github.com",
      login: { username: "x-access-token", password: "ghp_token" },
    },
  ],
  ["ssh://git@github.com/a/b", { url: "ssh://git@github.com/a/b" }],
  ["git://git.example/r", { url: "git://git.example/r" }],
  ["git@github.com:acme/site.git", { url: "git@github.com:acme/site.git" }],
])("an address that pods reach: %s", (text, wanted) => {
  expect(readRepository(text)).toEqual(wanted);
});

test.each([
  "file:///paperclip/repos/site",
  "/paperclip/repos/site",
  "../site",
  "ext::sh -c touch% /tmp/x",
  "--upload-pack=touch /tmp/x",
  "-oProxyCommand=x:y",
  "ssh://-oProxyCommand=touch/x y",
  "https:// x",
  "ftp://git.example/r",
  "github.com/acme/site",
])("no address that pods reach: %s", (text) => {
  const read = readRepository(text);
  expect("problem" in read ? read.problem : "").toMatch(/^must be .*, not "/);
});

test("an address that is refused is shown without its login", () => {
  const read = readRepository("ftp://me:hidden@git.example/r");
  expect(JSON.stringify(read)).not.toContain("hidden");
});

test.each<[ref: string, isName: boolean]>([
  ["main", true],
  ["origin/main", true],
  ["refs/pull/7/head", true],
  ["feature/x#1+2", true],
  ["v1.2.3", true],
  ["0123456789abcdef0123456789abcdef01234567", true],
  ["--upload-pack=x", false],
  ["+main", false],
  ["main:other", false],
  ["a..b", false],
  ["HEAD~1", false],
  ["a b", false],
  ["a\nb", false],
  ["x@{1}", false],
  ["", false],
])("the name %j of a branch, tag or commit: %s", (ref, isName) => {
  expect(refProblem(ref) === undefined).toBe(isName);
});

test("a token of GitHub's goes to GitHub, and nowhere else", () => {
  const env = { GH_TOKEN: "one", GITHUB_TOKEN: "two" };
  const one = { username: "x-access-token", password: "one" };
  expect(githubLogin("https://github.com", env)).toEqual(one);
  expect(githubLogin("https://acme.ghe.com", env)).toEqual(one);
  expect(githubLogin("https://github.com", { GITHUB_TOKEN: "two" })?.password).toBe("two");
  for (const origin of [
    "http://github.com",
    "https://github.com.evil.example",
    "https://git.example",
  ])
    expect(githubLogin(origin, env)).toBeUndefined();
  expect(githubLogin("https://evilgithub.com", env)).toBeUndefined();
  expect(githubLogin("https://github.com", {})).toBeUndefined();
});
