import { expect, test } from "vitest";
import { reflect } from "../src/reflector.ts";
import type { RawObject, Sink } from "../src/watch-once.ts";
import { json, watchServer } from "./watch-server.ts";

const nothing = (): void => {};

/** The pauses between two watches of a server that answers `statuses` in turn; 0: the connection breaks. */
async function pausesOf(statuses: readonly number[]): Promise<readonly number[]> {
  await using server = await watchServer((_call, answer, nth) => {
    const status = statuses[nth] ?? 0;
    if (status === 0) answer.destroy();
    else json(answer, status, { message: "no", code: status });
  });
  const enough = new AbortController();
  const pauses: number[] = [];
  const clock = {
    now: () => 0,
    after(ms: number, run: () => void) {
      pauses.push(ms);
      if (pauses.length === statuses.length) enough.abort(new Error("enough"));
      const timer = setTimeout(run);
      return () => clearTimeout(timer);
    },
  };
  const sink: Sink<RawObject, RawObject> = {
    slim: (item) => item,
    replace: nothing,
    replaceNamed: nothing,
    change: nothing,
    remove: nothing,
    blind: nothing,
    sighted: nothing,
  };
  const kind = { path: "/api/v1/namespaces/n/pods", labelSelector: "a=b" };
  const options = { http: server.http, kind, sink, clock, random: () => 1, signal: enough.signal };
  await expect(reflect(options)).rejects.toThrow("enough");
  return pauses;
}

const times = (count: number, status: number): number[] =>
  Array.from({ length: count }, () => status);

test("where nothing answers, it is asked every second at least", async () => {
  expect(await pausesOf(times(12, 0))).toEqual([200, 500, ...times(10, 1_000)]);
});

test("a server that answers with refusals is asked less and less often", async () => {
  const pauses = await pausesOf(times(9, 500));
  expect(pauses).toEqual([200, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("one that is back, and refuses at first, is asked again as soon as if it had not been away", async () => {
  const pauses = await pausesOf([...times(10, 0), 500, 500, 500, 500]);
  expect(pauses.slice(10)).toEqual([200, 500, 1_000, 2_000]);
});
