import { expect, test } from "vitest";
import { homeVariables, volumes, workingDir } from "../src/run/pod-shape.ts";
import { parseSettings } from "../src/settings/settings.ts";

const settings = parseSettings({ workspaceVolumeClaim: "data" }).settings;
const places = (guardKey: string) => {
  const mounts = volumes(settings, guardKey).flatMap((volume) => volume.mounts);
  return new Map(mounts.map(({ path, subPath }) => [path, subPath]));
};

test("home, configuration and workspace of two guard keys are never one folder, also of ids that look alike", () => {
  const { HOME = "", CLAUDE_CONFIG_DIR = "" } = homeVariables;
  expect(CLAUDE_CONFIG_DIR.startsWith(`${HOME}/`)).toBe(true);
  const keys = ["agent:a", "agent:a/task:t", "agent:a-task:t", "agent:A", "agent:a/task:../b"];
  for (const path of [HOME, workingDir]) {
    const folders = keys.map((key) => places(key).get(path));
    expect(new Set(folders).size).toBe(keys.length);
    for (const folder of folders) expect(folder).toMatch(/^claude-k8s\/\w+\/[\w.-]+$/);
    expect(folders.some((folder) => folder?.endsWith("/.."))).toBe(false);
  }
});

test("the next run of a guard key finds what the one before it left", () => {
  expect(places("agent:a")).toEqual(places("agent:a"));
});

test("without a claim every run has folders of its own", () => {
  const { settings: bare } = parseSettings({});
  const all = volumes(bare, "agent:a");
  expect(all.map(({ source }) => source)).toEqual(all.map(() => ({ emptyDir: {} })));
});
