import { expect, test } from "vitest";
import { mayNotMount } from "../../src/workspace/may-mount.ts";

const keep = {
  homes: ["/paperclip", "/data/users/node"],
  claim: "data",
  mounts: [
    { claim: "data", mountPath: "/paperclip", subPath: "", isReadOnly: false },
    { claim: "data", mountPath: "/data/users", subPath: "users", isReadOnly: false },
    { claim: "other", mountPath: "/other", subPath: "x", isReadOnly: false },
  ],
};
const below = (path: string) => path.replace(/^\/paperclip\/?/, "");

test.each<[folder: string, why: string]>([
  ["/paperclip/instances/default/projects/c/p/site", ""],
  ["/paperclip/instances/default/projects/c/p/site/.paperclip/worktrees/x", ""],
  ["/paperclip/instances/default/workspaces/a1", ""],
  ["/paperclip/repos/site", ""],
  ["/paperclip/claude-k8s-docs", ""],
  ["/paperclip", "whole claim"],
  ["/paperclip/instances", "files of its own"],
  ["/paperclip/instances/default", "files of its own"],
  ["/paperclip/instances/default/projects", "files of its own"],
  ["/paperclip/instances/default/secrets", "files of its own"],
  ["/paperclip/instances/default/db/base", "files of its own"],
  ["/paperclip/instances/default/companies/c/agents/a1/instructions", "files of its own"],
  ["/paperclip/.claude", "files of its own"],
  ["/paperclip/.ssh/keys", "files of its own"],
  ["/paperclip/adapter-plugins/node_modules", "files of its own"],
  ["/paperclip/claude-k8s", "other runs"],
  ["/paperclip/claude-k8s/homes/x", "other runs"],
  ["/paperclip/repos/a:b", "colon"],
])("%s of a server whose home is the claim: %s", (onServer, why) => {
  const said = mayNotMount({ onServer, onClaim: below(onServer) }, keep);
  expect(said ?? "").toContain(why);
  expect(said === undefined).toBe(why === "");
});

test.each<[onServer: string, onClaim: string, why: string]>([
  ["/data/users/node/site", "users/node/site", ""],
  ["/data/users", "users", "home lies in it"],
  ["/data/users/node", "users/node", "home lies in it"],
  ["/data/users/node/.config/gh", "users/node/.config/gh", "files of its own"],
  ["/data/users/claude-k8s/x", "users/claude-k8s/x", "other runs"],
  ["/usr/local/site", "site", "the image's own"],
  ["/root/site", "site", "the image's own"],
  ["/opt", "opt", "the image's own"],
  ["/opt/site", "opt/site", ""],
  ["/tmp/site", "site", ""],
  ["/tmp", "tmp", "the image's own"],
  ["/home/claude", "claude", "taken"],
  ["/home", "h", "the image's own"],
  ["/home/claude/site", "site", ""],
])("%s, which is %s on the claim: %s", (onServer, onClaim, why) => {
  const said = mayNotMount({ onServer, onClaim }, keep);
  expect(said ?? "").toContain(why);
  expect(said === undefined).toBe(why === "");
});

test("a home within the other has its own rules, and only those", () => {
  const nested = { ...keep, homes: ["/n/.paperclip", "/n"], mounts: [] };
  const said = (onServer: string) => mayNotMount({ onServer, onClaim: "x" }, nested);
  expect(said("/n/.paperclip/instances/default/projects/c/p/r")).toBeUndefined();
  expect(said("/n/.paperclip/instances/default/secrets")).toContain("files of its own");
  expect(said("/n/.paperclip")).toContain("home lies in it");
  expect(said("/n/.ssh")).toContain("files of its own");
  expect(said("/n/site")).toBeUndefined();
});
