import { expect, test } from "vitest";
import { type Clock, kubeHttp, KubeHttpError } from "../src/index.ts";
import { type TakeTurn, takeTurns } from "../src/turns.ts";
import { json, serve, until } from "./support/server.ts";

const never = new AbortController().signal;
const path = "/api/v1/namespaces/x/pods/y";

type Timer = { readonly at: number; readonly run: () => void };

/** Time passes only by `advance`. */
function manualClock(): Clock & { readonly timers: Timer[]; advance(ms: number): void } {
  const timers: Timer[] = [];
  let now = 0;
  return {
    timers,
    now: () => now,
    after(ms, run) {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        if (timers.includes(timer)) timers.splice(timers.indexOf(timer), 1);
      };
    },
    advance(ms) {
      now += ms;
      for (const timer of timers.splice(0)) {
        if (timer.at <= now) timer.run();
        else timers.push(timer);
      }
    },
  };
}

/** Takes a turn by name, and notes how that went. */
function noting(take: TakeTurn) {
  const said: string[] = [];
  return {
    said,
    take: (name: string, options: { urgent?: boolean; signal?: AbortSignal } = {}) =>
      take({ urgent: false, signal: never, late: () => new Error("silence"), ...options }).then(
        (turn) => {
          said.push(name);
          return turn;
        },
        (error: unknown) => {
          said.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
          return undefined;
        },
      ),
  };
}

test("turns are taken in order of arrival, urgent ones first", async () => {
  const { said, take } = noting(takeTurns(2, { clock: manualClock(), silentMs: 100 }));
  const [one, two] = [await take("one"), await take("two")];
  const three = take("three");
  const four = take("four");
  const five = take("five", { urgent: true });
  await Promise.resolve();
  expect(said).toEqual(["one", "two"]);
  one?.end(true);
  one?.end(true); // A turn ends once.
  (await five)?.end(true);
  two?.end(false);
  await Promise.all([three, four]);
  expect(said).toEqual(["one", "two", "five", "three", "four"]);
});

test("who waits is told of a server that answers nobody, and only of that", async () => {
  const clock = manualClock();
  const { said, take } = noting(takeTurns(1, { clock, silentMs: 100 }));
  const one = await take("one");
  expect(clock.timers).toEqual([]); // Nobody waits.
  const two = take("two");
  const three = take("three");
  const four = take("four");
  clock.advance(99);
  one?.end(true);
  await two;
  // An answer begins the silence anew, a failure does not.
  clock.advance(99);
  (await two)?.end(false);
  await three;
  expect(said).toEqual(["one", "two", "three"]);
  clock.advance(1);
  await four;
  expect(said).toEqual(["one", "two", "three", "four: silence"]);
  expect(clock.timers).toEqual([]);
});

test("who is aborted while it waits leaves the line", async () => {
  const clock = manualClock();
  const { said, take } = noting(takeTurns(1, { clock, silentMs: 100 }));
  const one = await take("one");
  const stop = new AbortController();
  const two = take("two", { signal: stop.signal });
  const three = take("three");
  stop.abort("stop");
  await two;
  one?.end(true);
  await three;
  expect(said).toEqual(["one", "two: stop", "three"]);
  expect(clock.timers).toEqual([]);
  await take("four", { signal: AbortSignal.abort("late") });
  expect(said.at(-1)).toBe("four: late");
});

test.each(["GET", "POST"] as const)(
  "the limits of a %s begin when it is sent, not when it begins to wait for its turn",
  async (method) => {
    const answers: (() => void)[] = [];
    await using server = await serve((_, response) => {
      answers.push(() => json(response, 200, {}));
    });
    const clock = manualClock();
    const limits = { headerTimeoutMs: 100, requestTimeoutMs: 100, retryBudgetMs: 0 };
    const http = kubeHttp(server.config, { ...limits, clock, requestsAtOnce: 2 });
    const all = Array.from({ length: 7 }, () => http.request({ method, path, signal: never }));
    for (let answered = 0; answered < all.length; answered += 1) {
      const isSent = Math.min(all.length, answered + 2);
      await until(() => server.requests.length === isSent && answers.length === isSent);
      clock.advance(49);
      answers[answered]?.();
      await all[answered];
    }
    expect((await Promise.all(all)).map(({ kind }) => kind)).toEqual(all.map(() => "ok"));
    http.close();
  },
);

test("of a server that is silent all hear as soon as the first ones do", async () => {
  await using server = await serve(() => {});
  const limits = { headerTimeoutMs: 40, requestTimeoutMs: 50, retryBudgetMs: 0 };
  const http = kubeHttp(server.config, { ...limits, requestsAtOnce: 1 });
  const all = Array.from({ length: 40 }, () =>
    http.request({ method: "GET", path, signal: never }),
  );
  const errors = (await Promise.allSettled(all)).map((one) =>
    one.status === "rejected" && KubeHttpError.isInstance(one.reason) ? one.reason : undefined,
  );
  expect(errors.map((error) => error?.code)).toEqual(all.map(() => "KUBE_UNREACHABLE"));
  expect(errors.at(-1)?.message).toContain(
    "not sent, for nothing before it was answered within 50 ms",
  );
  expect(server.requests.length).toBeLessThan(4);
});

test("an urgent request is sent before those that wait", async () => {
  await using server = await serve(
    (_, response) => void setTimeout(() => json(response, 200, {}), 5),
  );
  const http = kubeHttp(server.config, { requestsAtOnce: 1 });
  const request = (name: string, urgent: boolean): Promise<unknown> =>
    http.request({
      method: "GET",
      path: `/api/v1/namespaces/x/pods/${name}`,
      urgent,
      signal: never,
    });
  await Promise.all([request("one", false), request("two", false), request("lease", true)]);
  const names = server.requests.map(({ url }) => url?.split("/").at(-1));
  expect(names).toEqual(["one", "lease", "two"]);
  http.close();
});

test.each([[0], [1.5], [Number.NaN]])("requestsAtOnce %d is refused by name", (requestsAtOnce) => {
  const config = { getCurrentCluster: () => null, applyToHTTPSOptions: async () => {} };
  expect(() => kubeHttp(config, { requestsAtOnce })).toThrow(
    `requestsAtOnce must be a whole number of 1 or more, not ${requestsAtOnce}`,
  );
});
