import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configSchema, configurationDoc } from "../src/settings/config-schema.ts";
import { settingsTable } from "../src/settings/settings-table.ts";
import { veryRun } from "../src/environment-test/very-run.ts";
import { parseSettings } from "../src/settings/settings.ts";

test.each<[key: string, value: unknown, wanted: unknown]>([
  ["namespace", "agents", "agents"],
  ["namespace", "", undefined],
  ["namespace", null, undefined],
  ["timeoutSec", 30, 30],
  ["timeoutSec", "30", 30],
  ["retainJobs", "true", true],
  ["retainJobs", false, false],
  ["extraArgs", ["--a", "b c"], ["--a", "b c"]],
  ["extraArgs", "--a 'b c' --d=\"e f\"", ["--a", "b c", "--d=e f"]],
  ["labels", { team: "a" }, { team: "a" }],
  ["labels", '{"team":"a","n":1}', { team: "a", n: "1" }],
  ["labels", "team=a\n# no\n other = b c ", { team: "a", other: "b c" }],
  ["tolerations", '[{"key":"gpu"}]', [{ key: "gpu" }]],
  ["imagePullSecrets", "one, two.three", ["one", "two.three"]],
  ["imagePullSecrets", ["one"], ["one"]],
  ["dnsConfig", '{"nameservers":["10.0.0.10"]}', { nameservers: ["10.0.0.10"] }],
  ["affinity", { nodeAffinity: {} }, { nodeAffinity: {} }],
  ["inheritDns", "false", false],
  ["env", { A: "1" }, { A: "1" }],
  ["resources.limits.memory", "2Gi", "2Gi"],
  ["promptTemplate", " keep \n", " keep \n"],
])("%s: %j is read as %j", (key, value, wanted) => {
  const { settings, problems } = parseSettings({ [key]: value });
  expect(problems).toEqual([]);
  expect(settings[key as keyof typeof settings]).toEqual(wanted);
});

test.each<[key: string, value: unknown]>([
  ["namespace", "No_Label"],
  ["namespace", 7],
  ["timeoutSec", -1],
  ["timeoutSec", 1.5],
  ["timeoutSec", "soon"],
  ["retainJobs", "maybe"],
  ["imagePullPolicy", "Sometimes"],
  ["labels", ["a"]],
  ["labels", "no equals sign"],
  ["tolerations", "not json"],
  ["extraArgs", [1]],
  ["resources.limits.memory", "2 gigs"],
  ["env", { A: { deep: true } }],
  ["workspaceVolumeClaim", "A/b"],
  ["imagePullSecrets", "Upper"],
  ["imagePullSecrets", [{ name: "one" }]],
  ["dnsPolicy", "ClusterFirstWithHostNet"],
  ["dnsConfig", "[]"],
  ["affinity", "not json"],
])("%s: %j is a problem that names key and value", (key, value) => {
  const { problems } = parseSettings({ [key]: value });
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`${key} must be `);
  expect(problems[0]).toContain(JSON.stringify(value));
});

test("every problem is named at once", () => {
  const { problems } = parseSettings({ namespace: "A", timeoutSec: "x", retainJobs: 3 });
  expect(problems).toHaveLength(3);
});

test("an alias counts, its own key before it", () => {
  expect(parseSettings({ thinkingEffort: "high" }).settings.effort).toBe("high");
  expect(parseSettings({ thinkingEffort: "high", effort: "low" }).settings.effort).toBe("low");
  expect(parseSettings({ maxTurns: 5 }).settings.maxTurnsPerRun).toBe(5);
});

test("resources may be nested or flat; flat wins", () => {
  const nested = {
    resources: { limits: { cpu: "2", memory: "1Gi" } },
    "resources.limits.cpu": "3",
  };
  const { settings } = parseSettings(nested);
  expect(settings["resources.limits.cpu"]).toBe("3");
  expect(settings["resources.limits.memory"]).toBe("1Gi");
});

test("unknown keys are named in a warning; the host's own are not", () => {
  const { warnings, problems } = parseSettings({
    nameSpace: "x",
    paperclipRuntimeSkills: [],
    cwd: "/x",
    instructionsBundleMode: "managed",
  });
  expect(problems).toEqual([]);
  expect(warnings).toEqual(["these settings are not known and were ignored: nameSpace"]);
});

test("a stored ttl of 0 is the default, with a warning", () => {
  const { settings, warnings } = parseSettings({ ttlSecondsAfterFinished: 0 });
  expect(settings.ttlSecondsAfterFinished).toBe(86_400);
  expect(warnings.join()).toContain("ttlSecondsAfterFinished is 0");
});

test("numbers and selects of the form have defaults, and its defaults are good values", () => {
  const { fields } = configSchema();
  const unset = fields.filter(
    ({ type, ...field }) => ["number", "select"].includes(type) && field.default === undefined,
  );
  expect(unset).toEqual([]);
  const stored = Object.fromEntries(fields.map((field) => [field.key, field.default]));
  const { problems, warnings } = parseSettings(stored);
  expect([problems, warnings]).toEqual([[], []]);
});

test("the documentation names every key of the form", () => {
  const doc = configurationDoc();
  for (const { key } of configSchema().fields) expect(doc).toContain(`- ${key}`);
});

test("the README's table is the one of the fields; `pnpm settings-table` writes it", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const written =
    /<!-- settings: [^>]*-->\n\n(.*?)\n\n<!-- \/settings -->/s.exec(readme)?.[1] ?? "";
  expect(cells(written)).toBe(cells(settingsTable()));
});

test("settings of earlier adapters of this type are named with what became of them, one by one", () => {
  const { warnings } = parseSettings({ enableRtk: true, rtkMaxOutputBytes: 50_000, odd: 1 });
  expect(warnings).toEqual([
    expect.stringMatching(/^the setting enableRtk is not used any more/),
    expect.stringMatching(/^the setting rtkMaxOutputBytes is not used any more/),
    expect.stringMatching(/not known and were ignored: odd$/),
  ]);
});

/** What a run is made of, as text, without the words that every run has of its own. */
async function madeOf(more: object): Promise<string> {
  const config = { image: "agent:1", workspaceVolumeClaim: "home", ...more };
  const { settings } = parseSettings(config);
  const { spec } = await veryRun({ companyId: "c", config }, settings, { namespace: "runs" });
  return JSON.stringify({ ...spec, secretName: "" }).replaceAll(/[0-9a-f]{8}-[-0-9a-f]{27}/g, "ID");
}

test("settings of earlier adapters change nothing in the pod: no hook, no file in a home that is shared", async () => {
  const usual = await madeOf({});
  expect(await madeOf({ enableRtk: true, rtkMaxOutputBytes: 50_000 })).toBe(usual);
  expect(usual).not.toMatch(/settings\.json|PostToolUse/);
});

test.each([
  ["http://p.example:3100/", "http://p.example:3100"],
  ["https://p.example/base/", "https://p.example/base"],
  ["p.example", undefined],
  ["ftp://p.example", undefined],
  ["https://user:secret@p.example", undefined],
])("paperclipUrl %s is read as %s", (given, wanted) => {
  const { settings, problems } = parseSettings({ paperclipUrl: given });
  expect(settings.paperclipUrl).toBe(wanted);
  expect(problems.length).toBe(wanted === undefined ? 1 : 0);
});

/** Without the formatter's alignment of columns. */
function cells(table: string): string {
  return table.replaceAll(/ +/g, " ").replaceAll(/-+/g, "-");
}
