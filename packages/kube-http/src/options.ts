import { type Clock, realClock } from "./clock.ts";
import type { KubeHttpOptions } from "./types.ts";

export type Settings = Required<KubeHttpOptions> & { readonly clock: Clock };

/** @throws TypeError naming the option, what was expected and what came */
export function settingsFrom(options: KubeHttpOptions): Settings {
  const settings: Settings = {
    requestsAtOnce: options.requestsAtOnce ?? 16,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    headerTimeoutMs: options.headerTimeoutMs ?? 15_000,
    retryBudgetMs: options.retryBudgetMs ?? 10_000,
    openPerSecond: options.openPerSecond ?? 50,
    userAgent: options.userAgent ?? "claude-k8s-kube-http",
    onRetry: options.onRetry ?? (() => {}),
    clock: options.clock ?? realClock,
  };
  atLeast("requestTimeoutMs", settings.requestTimeoutMs, 1);
  atLeast("headerTimeoutMs", settings.headerTimeoutMs, 1);
  atLeast("retryBudgetMs", settings.retryBudgetMs, 0);
  if (!(Number.isInteger(settings.requestsAtOnce) && settings.requestsAtOnce > 0))
    throw new TypeError(
      `requestsAtOnce must be a whole number of 1 or more, not ${settings.requestsAtOnce}`,
    );
  if (!(settings.openPerSecond > 0))
    throw new TypeError(`openPerSecond must be more than 0, not ${settings.openPerSecond}`);
  if (!/^[\x20-\x7e]+$/.test(settings.userAgent))
    throw new TypeError(
      `userAgent must be printable ASCII, not ${JSON.stringify(settings.userAgent)}`,
    );
  if (typeof settings.onRetry !== "function")
    throw new TypeError(`onRetry must be a function, not ${typeof settings.onRetry}`);
  return settings;
}

/** Above 2^31-1 a Node timer fires at once, which would turn "for ever" into "never". */
const longestTimerMs = 2 ** 31 - 1;

function atLeast(name: string, value: number, least: number): void {
  if (!(value >= least && value <= longestTimerMs))
    throw new TypeError(
      `${name} must be from ${least} to ${longestTimerMs} milliseconds, not ${value}`,
    );
}
