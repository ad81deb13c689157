import { type Clock, type KubeHttp, sleep } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { listAll } from "./list-all.ts";
import { watchNamed } from "./named-watch.ts";
import { pollKind } from "./poll-kind.ts";
import { type Kind, type RawObject, type Sink, type WatchEnd, watchOnce } from "./watch-once.ts";

export type ReflectorOptions<T, K> = {
  readonly http: KubeHttp;
  readonly kind: Kind;
  readonly sink: Sink<T, K>;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
};

/**
 * Keeps a sink level with all objects of one kind, by one watch that is renewed for ever: from the
 * last version seen after an end or a cut, from all objects after `410 Gone`. While that is forbidden
 * by a watch of each name, else by lists, else by reads of each name; it is tried again every minute.
 * Never ends but by its signal.
 * @throws JobWatchError `JOB_WATCH_DENIED` when there is no way to read, or the signal's reason
 */
export async function reflect<T extends RawObject, K>(
  options: ReflectorOptions<T, K>,
): Promise<never> {
  const { http, kind, sink, clock, random, signal } = options;
  let watchList = true;
  let version: string | undefined;
  let failures = 0;
  let isAway = false;
  let expiredAt = -Infinity;
  for (;;) {
    signal.throwIfAborted();
    const startedAt = clock.now();
    if (version === undefined && !watchList) version = await listed(options);
    // Spread, so that the watches of many processes are not renewed together.
    const timeoutSeconds = 240 + Math.floor(random() * 241);
    const canWatch = version !== undefined || watchList;
    const ended: WatchEnd = canWatch
      ? await watchOnce(http, kind, sink, { version, timeoutSeconds, signal })
      : {
          kind: "failed",
          messages: 0,
          cause: "could not be listed",
          connected: false,
          answered: true,
        };
    switch (ended.kind) {
      case "ended": {
        version = ended.version;
        // A server that closes at once, again and again, is not to be asked at once again and again.
        const isFruitless = ended.messages === 0 && clock.now() - startedAt < 1_000;
        failures = isFruitless ? failures + 1 : 0;
        break;
      }
      case "expired":
        version = undefined;
        failures = clock.now() - expiredAt < 10_000 ? failures + 1 : 0;
        expiredAt = clock.now();
        break;
      case "refused":
        if (watchList && version === undefined) watchList = false;
        else {
          version = undefined;
          failures++;
          sink.blind(ended.cause);
        }
        break;
      case "denied":
        version = undefined;
        await withoutWatch(options, ended.cause);
        break;
      case "failed":
      default:
        version = ended.version ?? (ended.connected ? undefined : version);
        // A server that is back says little of use at first: it is asked again soon, however long it was away.
        failures = ended.messages > 0 || (isAway && ended.answered) ? 1 : failures + 1;
        if (!ended.connected || failures > 1) sink.blind(ended.cause);
    }
    isAway = ended.kind === "failed" && !ended.answered;
    await sleep(clock, pauseMs(failures, random(), isAway ? awayMaxMs : busyMaxMs), signal);
  }
}

const busyMaxMs = 30_000;
/** Where nothing answers, asking is no load; and every second of a pause is one by which an end is told late. */
const awayMaxMs = 1_000;

const tryWatchEveryMs = 60_000;

/** Where to watch from; without the right to list, what may be read otherwise is read for a minute. */
async function listed<T extends RawObject, K>(
  options: ReflectorOptions<T, K>,
): Promise<string | undefined> {
  try {
    return await listAll(options, options.signal);
  } catch (error) {
    const isDenied = JobWatchError.isInstance(error) && error.code === "JOB_WATCH_DENIED";
    if (!isDenied || options.kind.names === undefined) throw error;
    await withoutWatch(options, error.message);
    return undefined;
  }
}

/** What is left without the right to watch all: single objects by name, else lists, for a minute. */
async function withoutWatch<T extends RawObject, K>(
  options: ReflectorOptions<T, K>,
  cause: string,
): Promise<void> {
  const { kind, sink } = options;
  if (kind.names !== undefined) {
    const named = await watchNamed(options, kind.names, tryWatchEveryMs);
    if (named === "over") return;
  }
  sink.blind(`${cause}; polling instead`);
  await pollKind(options, tryWatchEveryMs);
}

/** The first time almost at once; then full jitter under a doubling cap from 0.5 s. */
function pauseMs(failures: number, random: number, maxMs: number): number {
  if (failures <= 1) return random * 200;
  return random * Math.min(maxMs, 500 * 2 ** (failures - 2));
}
