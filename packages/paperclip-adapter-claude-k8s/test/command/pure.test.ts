import { expect, test } from "vitest";
import { endWord } from "../../src/command/end-word.ts";
import { chooseRun, type FoundRun } from "../../src/command/find-runs.ts";
import { ageText, printable } from "../../src/command/printable.ts";
import { type RunView, runRows } from "../../src/command/run-view.ts";
import { table } from "../../src/command/table.ts";

test.each([
  [0, "0s"],
  [-5, "0s"],
  [119_999, "119s"],
  [120_000, "2m"],
  [7_200_000, "2h"],
  [11_520_000, "3h12m"],
  [187_200_000, "2d4h"],
  [900_000_000, "10d"],
])("%d ms are %s", (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

test("names of others cannot move the cursor, colour or turn what follows", () => {
  expect(printable("\u001b[31mred\nnext\u202E")).toBe("[31mred next");
});

test("a table leaves out empty columns, and cuts only for a terminal", () => {
  const rows = [
    ["a", "", "one\ntwo"],
    ["bbb", "", ""],
  ];
  expect(table(["X", "EMPTY", "LAST"], rows)).toBe("X    LAST\na    one two\nbbb  -\n");
  expect(table(["X", "EMPTY", "LAST"], rows, 8)).toBe(
    "X    LA…\na    on…\nbbb  -\n".replace("LA…", "LA…"),
  );
});

test.each([
  [{ kind: "exited", exit: { container: "c", code: 0, reason: "Completed" } }, "exited 0"],
  [
    { kind: "exited", exit: { container: "c", code: 137, signal: "SIGKILL", reason: "OOMKilled" } },
    "exited 137 OOMKilled",
  ],
  [
    { kind: "exited", exit: { container: "c", code: 143, signal: "SIGTERM", reason: "Error" } },
    "exited 143 SIGTERM",
  ],
  [{ kind: "exited", exit: { container: "c", code: undefined } }, "exited ?"],
  [
    { kind: "not-started", why: "image", reason: "ErrImagePull", message: "m" },
    "not started: ErrImagePull",
  ],
  [{ kind: "deadline" }, "deadline passed"],
  [{ kind: "lost", why: "evicted" }, "lost: evicted"],
  [{ kind: "deleted" }, "deleted"],
  [{ kind: "repeated" }, "started twice"],
] as const)("%j is %s", (end, word) => {
  expect(endWord({ evidence: [], sure: true, ...end })).toBe(word);
});

const view = (run: string, rest: Partial<RunView> = {}): RunView => ({
  namespace: "agents",
  job: `job-${run}`,
  run,
  agent: { id: "a" },
  phase: "running",
  supervisor: { state: "none" },
  notes: [],
  ...rest,
});

test("ids are told by as much of their beginning as tells them apart", () => {
  const ids = [
    "11111111-aaaa-4000-8000-000000000000",
    "11111111-aaab-4000-8000-000000000000",
    "run-1",
  ];
  const told = (wide: boolean) =>
    runRows(
      ids.map((id) => view(id)),
      { wide, everywhere: false, now: 0 },
    ).rows.map((row) => row[1]);
  expect(told(false)).toEqual(["11111111-aaaa", "11111111-aaab", "run-1"]);
  expect(told(true)).toEqual(ids);
});

test.each<[RunView["supervisor"], string]>([
  [{ state: "none" }, "none"],
  [{ state: "none", identity: "s" }, "none (s is gone)"],
  [{ state: "live", identity: "s", renewedAt: "1970-01-01T00:00:00Z" }, "live s"],
  [{ state: "stale", identity: "s", renewedAt: "1970-01-01T00:00:00Z" }, "stale s, renewed 9s ago"],
  [{ state: "unknown", identity: "s", renewedAt: "1970-01-01T00:00:00Z" }, "s?, renewed 9s ago"],
  [{ state: "unknown", identity: "s" }, "s?"],
])("%j is told as %s", (supervisor, text) => {
  const { rows } = runRows([view("r", { supervisor })], {
    wide: false,
    everywhere: true,
    now: 9_000,
  });
  expect(rows[0]?.[5]).toBe(text);
});

const found = (name: string, runId: string): FoundRun => ({
  job: {
    name,
    namespace: "n",
    labels: {},
    annotations: { "claude-k8s/run-id": runId },
    suspended: false,
    readyPods: 0,
    terminatingPods: 0,
    ended: undefined,
  },
  standing: { phase: "running" },
});

test("a run is meant by its id, the beginning of one, or its Job", () => {
  const runs = [found("job-a", "abcdef"), found("job-b", "abcd"), found("job-c", "abcxyz")];
  const meant = (word: string) => chooseRun(runs, word, "here").job.name;
  expect(meant("abcdef")).toBe("job-a");
  expect(meant("abcd")).toBe("job-b");
  expect(meant("abcx")).toBe("job-c");
  expect(meant("job-c")).toBe("job-c");
  expect(() => meant("abc")).toThrow('no run "abc" in here');
  expect(() => chooseRun([...runs, found("job-d", "abcd")], "abcd", "here")).toThrow(
    '"abcd" is more than one run in here: n/job-b (run abcd), n/job-d (run abcd)',
  );
});
