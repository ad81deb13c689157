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

/** The one place where what an SDK throws is caught: no run fails for being told of. */
export function guarded(telemetry: Telemetry): GuardedTelemetry {
  let unsaid: string | undefined;
  return {
    begin(names) {
      let problem: string | undefined;
      const attempt = <T>(call: () => T): T | undefined => {
        try {
          return call();
        } catch (error) {
          problem ??= words(error);
          return undefined;
        }
      };
      const run = attempt(() => telemetry.begin(names));
      return {
        namespace: (name) => attempt(() => run?.namespace(name)),
        logBreak: (seen) => attempt(() => run?.logBreak(seen)),
        attempt: (evidence) => attempt(() => run?.attempt(evidence)),
        end: (result, redact) => attempt(() => run?.end(result, redact)),
        problem() {
          const said = problem ?? unsaid;
          unsaid = undefined;
          return said;
        },
      };
    },
    apiRetry(retry) {
      try {
        telemetry.apiRetry(retry);
      } catch (error) {
        unsaid ??= words(error);
      }
    },
  };
}

function words(error: unknown): string {
  return `this run's telemetry is not whole: ${textOf(error)}`;
}
