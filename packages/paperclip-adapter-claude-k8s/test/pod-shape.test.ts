import { expect, test } from "vitest";
import { homeVariables, life, volumes, workingDir } from "../src/run/pod-shape.ts";
import { parseSettings } from "../src/settings/settings.ts";

const ownFolders = { workspace: { path: workingDir }, claimFolders: [] };

const settings = parseSettings({ workspaceVolumeClaim: "data" }).settings;
const places = (guardKey: string) => {
  const mounts = volumes(settings, guardKey, ownFolders).flatMap((volume) => volume.mounts);
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
  const all = volumes(bare, "agent:a", ownFolders);
  expect(all.map(({ source }) => source)).toEqual(all.map(() => ({ emptyDir: {} })));
});

test.each<[what: string, config: Record<string, unknown>, deadline: number | undefined]>([
  ["no time limit: none of the Job's either", {}, undefined],
  [
    "a time limit: the waits before it come on top",
    { timeoutSec: 60, graceSec: 5 },
    900 + 1_800 + 65 + 600,
  ],
  [
    "longer waits: they count",
    { timeoutSec: 60, unschedulableWaitSec: 3_600, startTimeoutSec: 7_200 },
    3_600 + 7_200 + 60 + 600,
  ],
])("the Job's own deadline never comes before the run's limits: %s", (_what, config, deadline) => {
  expect(life(parseSettings(config).settings).activeDeadlineSeconds).toBe(deadline);
});
