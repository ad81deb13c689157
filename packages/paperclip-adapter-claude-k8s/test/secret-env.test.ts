import { expect, test } from "vitest";
import { buildEnvironment } from "../src/prompt/environment.ts";
import { fakeHost } from "./support/fake-host.ts";

const pod = { cwd: "/workspace", agentHome: "/home/claude" };

test.each<[name: string, value: string, isSecret: boolean]>([
  ["HTTPS_PROXY", "http://user:pass@proxy:3128", true],
  ["HTTPS_PROXY", "http://proxy:3128", false],
  ["REPO", "https://x-access-token:abc@git.example/a/b", true],
  ["REPO", "https://git.example/a/b@v1", false],
  ["ANTHROPIC_CUSTOM_HEADERS", "Authorization: Bearer abc", true],
  ["GITHUB_PAT", "ghp_abc", true],
  ["SSH_PASSPHRASE", "abc", true],
  ["MYSQL_PWD", "abc", true],
  ["NPM_AUTH", "abc", true],
  ["PATH", "/bin", false],
  ["GIT_AUTHOR_NAME", "Ada", false],
  ["TOKENIZERS_PARALLELISM", "false", false],
])("%s=%s is for the Secret: %s", (name, value, isSecret) => {
  const { context, ...host } = fakeHost().context;
  const { env, secretEnv } = buildEnvironment({ ...host, context }, { [name]: value }, {}, pod);
  expect([env[name], secretEnv[name]]).toEqual(isSecret ? [undefined, value] : [value, undefined]);
});
