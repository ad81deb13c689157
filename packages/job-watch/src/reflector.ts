import { type Clock, type KubeHttp, sleep } from "@claude-k8s/kube-http";
import { listAll } from "./list-all.ts";
import { type Kind, type RawObject, type Sink, type WatchEnd, watchOnce } from "./watch-once.ts";

type ReflectorOptions<T> = {
  readonly http: KubeHttp;
  readonly kind: Kind;
  readonly sink: Sink<T>;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
};

/**
 * Keeps a sink level with all objects of one kind, by one watch that is renewed for ever: from the
 * last version seen after an end or a cut, from all objects after `410 Gone`, by lists every two
 * seconds while watching is forbidden. Never ends but by its signal.
 * @throws JobWatchError `JOB_WATCH_DENIED` when listing is forbidden too, or the signal's reason
 */
export async function reflect<T extends RawObject>(options: ReflectorOptions<T>): Promise<never> {
  const { http, kind, sink, clock, random, signal } = options;
  let watchList = true;
  let version: string | undefined;
  let failures = 0;
  let expiredAt = -Infinity;
  for (;;) {
    signal.throwIfAborted();
    const startedAt = clock.now();
    if (version === undefined && !watchList) version = await listAll(options, signal);
    // Spread, so that the watches of many processes are not renewed together.
    const timeoutSeconds = 240 + Math.floor(random() * 241);
    const canWatch = version !== undefined || watchList;
    const ended: WatchEnd = canWatch
      ? await watchOnce(http, kind, sink, { version, timeoutSeconds, signal })
      : { kind: "failed", messages: 0, cause: "could not be listed", connected: false };
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
        sink.blind(`${ended.cause}; polling every ${pollMs} ms instead`);
        await poll(options);
        break;
      case "failed":
      default:
        version = ended.version ?? (ended.connected ? undefined : version);
        failures = ended.messages > 0 ? 1 : failures + 1;
        if (!ended.connected || failures > 1) sink.blind(ended.cause);
    }
    await sleep(clock, pauseMs(failures, random()), signal);
  }
}

const pollMs = 2_000;
const tryWatchEveryMs = 60_000;

/** One list for all runs, every two seconds, for a minute: then watching may be allowed. */
async function poll<T extends RawObject>(options: ReflectorOptions<T>): Promise<void> {
  const { clock, random, signal } = options;
  const until = clock.now() + tryWatchEveryMs;
  while (clock.now() < until) {
    await listAll(options, signal);
    await sleep(clock, pollMs * (0.9 + random() * 0.2), signal);
  }
}

/** The first time almost at once; then full jitter under a doubling cap from 0.5 to 30 s. */
function pauseMs(failures: number, random: number): number {
  if (failures <= 1) return random * 200;
  return random * Math.min(30_000, 500 * 2 ** (failures - 2));
}
