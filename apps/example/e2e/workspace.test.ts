// Where the files of a task come from: what cannot be had ends the run before its program, and says why.
import { describe } from "vitest";
import { test } from "./cluster.ts";
import { runAgent } from "./run-agent.ts";

const project = { source: "project_primary", workspaceId: "site" };

describe.concurrent("a task of a project", () => {
  test("whose repository cannot be cloned ends before the program, in the container's words", async ({
    cluster,
    expect,
  }) => {
    const workspace = { ...project, repoUrl: "http://127.0.0.1:1/site.git" };
    const { host, result, left } = await runAgent(cluster, { workspace });
    // An image without git says so; one with git finds nobody there.
    expect(result.errorMessage).toMatch(/could not be cloned: .*(has no git|unable to access)/s);
    const hasGit = !/has no git/.test(result.errorMessage ?? "");
    expect(result.errorCode).toBe(
      hasGit ? "k8s_workspace_clone_failed" : "configuration_incomplete",
    );
    expect(result.resultJson?.["kubernetes"]).toMatchObject({ end: "not-started", cause: "clone" });
    expect(result.executionRecovery).toEqual({ kind: "bootstrap", providerWorkStarted: false });
    expect(host.output()).toBe("");
    expect(left).toEqual([]);
  });

  test("without a way to its files is refused before anything is made", async ({
    cluster,
    expect,
  }) => {
    const { result, left } = await runAgent(cluster, { workspace: project });
    expect(result.errorCode).toBe("configuration_incomplete");
    expect(result.errorMessage).toContain("requireWorkspace");
    expect(result.resultJson?.["kubernetes"]).not.toHaveProperty("job");
    expect(left).toEqual([]);
  });

  test("works in an empty folder when that is allowed", async ({ cluster, expect }) => {
    const config = { requireWorkspace: false };
    const { result, left } = await runAgent(cluster, { workspace: project, config });
    expect(result.errorMessage).toBeNull();
    expect(left).toEqual([]);
  });
});
