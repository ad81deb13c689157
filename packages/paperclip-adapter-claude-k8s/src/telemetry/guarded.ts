import { textOf } from "../untyped.ts";
import type { RunTelemetry, Telemetry } from "./telemetry.ts";

/** Telemetry that never throws, and says of each run what it could not do. */
export interface GuardedTelemetry extends Telemetry {
  begin(...run: Parameters<Telemetry["begin"]>): GuardedRun;
}

interface GuardedRun extends RunTelemetry {
  /** The first thing that failed, in words: in this run, or between runs since the last one that asked. */
  problem(): string | undefined;
}

/**
 * All of them as one. The one place where what an SDK throws is caught: no run fails for being told of, and what one
 * of them cannot do, the others still do.
 */
export function guarded(all: readonly Telemetry[]): GuardedTelemetry {
  let unsaid: string | undefined;
  return {
    begin(names) {
      let problem: string | undefined;
      const fail = (error: unknown): void => void (problem ??= words(error));
      const runs = each(all, (one) => one.begin(names), fail);
      const tell = (what: (run: RunTelemetry) => void): void => void each(runs, what, fail);
      return {
        namespace: (name) => tell((run) => run.namespace(name)),
        logBreak: (seen) => tell((run) => run.logBreak(seen)),
        attempt: (evidence) => tell((run) => run.attempt(evidence)),
        end: (result, redact) => tell((run) => run.end(result, redact)),
        problem() {
          const said = problem ?? unsaid;
          unsaid = undefined;
          return said;
        },
      };
    },
    apiRetry(retry) {
      each(
        all,
        (one) => one.apiRetry(retry),
        (error) => void (unsaid ??= words(error)),
      );
    },
  };
}

/** What comes of those that do not throw. */
function each<One, Got>(
  all: readonly One[],
  call: (one: One) => Got,
  fail: (error: unknown) => void,
): Got[] {
  return all.flatMap((one) => {
    try {
      return [call(one)];
    } catch (error) {
      fail(error);
      return [];
    }
  });
}

function words(error: unknown): string {
  return `this run's telemetry is not whole: ${textOf(error)}`;
}
