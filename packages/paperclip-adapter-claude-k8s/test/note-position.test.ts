import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { JobMarks, SupervisedWrite } from "@claude-k8s/orphan-guard";
import type { JobHold } from "../src/run/job-hold.ts";
import type { JobRun } from "../src/run/job-run.ts";
import { notePositions } from "../src/run/note-position.ts";
import { newObservation } from "../src/run/observation.ts";
import { after } from "../src/run/position.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minute = 60_000;
const done: SupervisedWrite = { kind: "done" };

/** A run of which only the position is looked at, and what is written of it. */
function scene(answers: readonly (SupervisedWrite | Error)[] = []) {
  const written: JobMarks[] = [];
  const write: JobHold["write"] = async (marks) => {
    written.push(marks);
    const answer = answers[written.length - 1] ?? done;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const seen = newObservation();
  const given = { cluster: { keepsPositions: true }, hold: { write }, seen };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- noting asks for nothing else
  const run = given as unknown as JobRun;
  const took = (time: string): void => void (seen.delivered = after(seen.delivered, { time }));
  return { run, written, took };
}

const mark = (text: string): JobMarks => ({ annotations: { "claude-k8s/log-cursor": text } });
const [first, second] = ["2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z"];

test("is written every five minutes, when it has changed", async () => {
  const { run, written, took } = scene();
  const end = notePositions(run);
  await vi.advanceTimersByTimeAsync(6 * minute);
  expect(written).toEqual([]);
  took(first);
  await vi.advanceTimersByTimeAsync(10 * minute);
  took(second);
  await vi.advanceTimersByTimeAsync(3 * minute);
  expect(written).toEqual([mark(`${first} 1 1 ${first}`)]);
  await vi.advanceTimersByTimeAsync(2 * minute);
  expect(written).toHaveLength(2);
  expect(written[1]).toEqual(mark(`${second} 1 2 ${first}`));
  end();
  took(second);
  await vi.advanceTimersByTimeAsync(20 * minute);
  expect(written).toHaveLength(2);
});

test.each<[what: string, answer: SupervisedWrite | Error]>([
  ["failed", new Error("connect ECONNREFUSED")],
  ["has to wait for the Lease", { kind: "paused", why: "its Lease cannot be renewed" }],
])("one that %s is written the next time", async (_what, answer) => {
  const { run, written, took } = scene([answer]);
  took(first);
  const end = notePositions(run);
  await vi.advanceTimersByTimeAsync(16 * minute);
  expect(written).toHaveLength(2);
  end();
});
