import { expect, test } from "vitest";
import { parseSettings } from "../src/settings/settings.ts";
import type { Settings } from "../src/settings/types.ts";

/** Every key of an earlier adapter of this type that is read, with a value that it took. Others are named below. */
const earlier: [key: string, value: unknown, name: keyof Settings, wanted: unknown][] = [
  ["model", "claude-opus-4-7", "model", "claude-opus-4-7"],
  ["effort", "high", "effort", "high"],
  ["maxTurnsPerRun", 1_000, "maxTurnsPerRun", 1_000],
  ["dangerouslySkipPermissions", false, "dangerouslySkipPermissions", false],
  ["extraArgs", ["--debug", "a b"], "extraArgs", ["--debug", "a b"]],
  ["promptTemplate", "Do {{context.taskId}}\n", "promptTemplate", "Do {{context.taskId}}\n"],
  ["bootstrapPromptTemplate", "First", "bootstrapPromptTemplate", "First"],
  ["instructionsFilePath", "/paperclip/AGENTS.md", "instructionsFilePath", "/paperclip/AGENTS.md"],
  ["env", { A: "1" }, "env", { A: "1" }],
  ["timeoutSec", 3_600, "timeoutSec", 3_600],
  ["graceSec", 60, "graceSec", 60],
  ["namespace", "agents", "namespace", "agents"],
  ["image", "registry.example/claude:1", "image", "registry.example/claude:1"],
  ["imagePullPolicy", "Always", "imagePullPolicy", "Always"],
  ["kubeconfig", "/etc/kube/config", "kubeconfig", "/etc/kube/config"],
  ["serviceAccountName", "agents", "serviceAccountName", "agents"],
  ["ttlSecondsAfterFinished", 300, "ttlSecondsAfterFinished", 300],
  ["ttlSecondsAfterFinished", 0, "ttlSecondsAfterFinished", 86_400],
  ["retainJobs", true, "retainJobs", true],
  ["reattachOrphanedJobs", false, "reattachOrphanedJobs", false],
  ["resources.requests.cpu", "1000m", "resources.requests.cpu", "1000m"],
  ["resources.requests.memory", "2Gi", "resources.requests.memory", "2Gi"],
  ["resources.limits.cpu", "4000m", "resources.limits.cpu", "4000m"],
  ["resources.limits.memory", "8Gi", "resources.limits.memory", "8Gi"],
  // Documented there, and not read.
  ["resources", { limits: { cpu: "3" } }, "resources.limits.cpu", "3"],
  ["nodeSelector", { disktype: "ssd" }, "nodeSelector", { disktype: "ssd" }],
  ["nodeSelector", '{"disktype":"ssd"}', "nodeSelector", { disktype: "ssd" }],
  ["nodeSelector", "# fast\ndisktype=ssd\r\n", "nodeSelector", { disktype: "ssd" }],
  ["labels", { team: "ai" }, "labels", { team: "ai" }],
  ["labels", '{"team":"ai"}', "labels", { team: "ai" }],
  ["labels", "team=ai\n\nenv = prod", "labels", { team: "ai", env: "prod" }],
  ["tolerations", [{ key: "gpu" }], "tolerations", [{ key: "gpu" }]],
  // What its form stored, and it ignored.
  ["tolerations", '[{"key":"gpu"}]', "tolerations", [{ key: "gpu" }]],
];

test.each(earlier)("%s: %j is read as %s: %j", (key, value, name, wanted) => {
  const { settings, problems } = parseSettings({ [key]: value });
  expect(problems).toEqual([]);
  expect(settings[name]).toEqual(wanted);
});

test.each<[what: string, config: Record<string, unknown>, named: string[]]>([
  [
    "what it stored for an agent that has it off",
    { enableRtk: false, rtkMaxOutputBytes: 50_000 },
    [],
  ],
  [
    "its limit beside it",
    { enableRtk: true, rtkMaxOutputBytes: 1 },
    ["enableRtk", "rtkMaxOutputBytes"],
  ],
  ["as text", { enableRtk: "true" }, ["enableRtk"]],
  ["nothing", { secretRef: "", enableDocker: null }, []],
])("of settings that are read no more is named %s: %j", (_what, config, named) => {
  const { warnings } = parseSettings(config);
  expect(warnings.map((text) => /^the setting (\w+) /.exec(text)?.[1])).toEqual(named);
});

test("a form that an earlier adapter filled in as it was gives no warning but for the time to live", () => {
  const stored = {
    maxTurnsPerRun: 1_000,
    serviceAccountName: "",
    namespace: "",
    image: "",
    imagePullPolicy: "IfNotPresent",
    kubeconfig: "",
    ttlSecondsAfterFinished: 0,
    retainJobs: false,
    reattachOrphanedJobs: true,
    "resources.requests.cpu": "",
    "resources.requests.memory": "",
    "resources.limits.cpu": "",
    "resources.limits.memory": "",
    nodeSelector: "",
    tolerations: "",
    labels: "",
    enableRtk: false,
    rtkMaxOutputBytes: 50_000,
  };
  const { problems, warnings } = parseSettings(stored);
  expect([problems, warnings.length]).toEqual([[], 1]);
});
