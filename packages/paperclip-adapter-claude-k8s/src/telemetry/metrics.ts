import { type MeterProvider, metrics } from "@opentelemetry/api";
import { realClock } from "@claude-k8s/kube-http";
import { type Instruments, instrumentsOf } from "./instruments.ts";
import { measured, phasesOf } from "./phases.ts";
import { scope } from "./scope.ts";
import type { RunTelemetry, Telemetry } from "./telemetry.ts";

/**
 * Runs in numbers, by the OpenTelemetry API. Without an SDK of the host's all of it does nothing.
 *
 * Instruments are made anew when the provider has changed: those that were made before the host registered its
 * SDK do nothing for good.
 */
export function metricTelemetry(): Telemetry {
  let known: { readonly provider: MeterProvider; readonly instruments: Instruments } | undefined;
  const instruments = (): Instruments => {
    const provider = metrics.getMeterProvider();
    if (known?.provider !== provider)
      known = { provider, instruments: instrumentsOf(provider.getMeter(scope)) };
    return known.instruments;
  };
  return {
    begin: () => countedRun(instruments()),
    apiRetry({ error: { code, status } }) {
      instruments().apiRetries.add(1, {
        reason: code,
        ...(status === undefined ? {} : { status }),
      });
    },
  };
}

/** A run is counted out by what it was counted in with, whatever is registered by then. */
function countedRun(instruments: Instruments): RunTelemetry {
  const { runs, activeRuns, runDuration, phaseDurations, logReconnects, logGaps } = instruments;
  const begun = realClock.now();
  activeRuns.add(1);
  return {
    namespace: () => {},
    logBreak(seen) {
      if (seen.kind === "gap") logGaps.add(1, { certainty: seen.certainty });
      else logReconnects.add(1);
    },
    attempt({ job, history }) {
      const phases = measured(phasesOf(history), { isAdopted: job?.reattached === true });
      for (const [name, seconds] of phases) phaseDurations[name].record(seconds);
    },
    end({ errorCode }) {
      activeRuns.add(-1);
      runs.add(1, { error_code: errorCode ?? "ok" });
      runDuration.record((realClock.now() - begun) / 1_000);
    },
  };
}
