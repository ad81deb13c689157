import {
  context,
  type HrTime,
  type MeterProvider,
  metrics,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";
import { realClock } from "@claude-k8s/kube-http";
import { adapterType } from "../cluster/marks.ts";
import type { LogBreak, Stretch } from "../run/history.ts";
import type { RunEvidence } from "../run/model.ts";
import { type Instruments, instrumentsOf } from "./instruments.ts";
import { measured, type Phase, phasesOf } from "./phases.ts";
import { evidenceOf, failureOf, failureText, namesOf } from "./span-attributes.ts";
import type { RunNames, RunResult, RunTelemetry, Telemetry } from "./telemetry.ts";

/** The instrumentation scope of all spans and metrics. */
const scope = "paperclip-adapter-claude-k8s";

/**
 * Telemetry by the OpenTelemetry API. Without an SDK of the host's all of it does nothing.
 *
 * Tracer and meter are asked for anew with every run: this copy of the API is not the host's, so that what it
 * gives out before the host registers its SDK would do nothing for good.
 */
export function openTelemetry(): Telemetry {
  let known: { readonly provider: MeterProvider; readonly instruments: Instruments } | undefined;
  const instruments = (): Instruments => {
    const provider = metrics.getMeterProvider();
    if (known?.provider !== provider)
      known = { provider, instruments: instrumentsOf(provider.getMeter(scope)) };
    return known.instruments;
  };
  return {
    begin: (names) => runTelemetry(names, instruments()),
    apiRetry({ error: { code, status } }) {
      instruments().apiRetries.add(1, {
        reason: code,
        ...(status === undefined ? {} : { status }),
      });
    },
  };
}

function runTelemetry(names: RunNames, instruments: Instruments): RunTelemetry {
  const { activeRuns, logReconnects, logGaps, phaseDurations } = instruments;
  const begun = realClock.now();
  const timeOf = timesSince(Date.now() - begun);
  const tracer = trace.getTracer(scope);
  const parent = context.active();
  const attributes = namesOf(names);
  const span = tracer.startSpan(
    `${adapterType}.run`,
    { startTime: timeOf(begun), attributes },
    parent,
  );
  activeRuns.add(1);
  let last: RunEvidence | undefined;

  const tracePhases = (phases: readonly Stretch<Phase>[]): void => {
    const inRun = trace.setSpan(parent, span);
    for (const { name, from, to } of phases)
      tracer
        .startSpan(`${adapterType}.phase.${name}`, { startTime: timeOf(from) }, inRun)
        .end(timeOf(to));
  };
  return {
    namespace: (name) => void span.setAttribute("k8s.namespace.name", name),
    logBreak(seen) {
      if (seen.kind === "gap") logGaps.add(1, { certainty: seen.certainty });
      else logReconnects.add(1);
    },
    attempt(evidence) {
      last = evidence;
      const phases = phasesOf(evidence.history);
      const isAdopted = evidence.job?.reattached === true;
      for (const [name, seconds] of measured(phases, { isAdopted }))
        phaseDurations[name].record(seconds);
      if (!span.isRecording()) return;
      tracePhases(phases);
      for (const seen of evidence.history.breaks) traceBreak(seen, span, timeOf);
    },
    end(result, redact) {
      const now = realClock.now();
      // Each of these is an SDK's code: one that throws must leave no run counted as active, and no span open.
      try {
        activeRuns.add(-1);
        instruments.runs.add(1, { error_code: result.errorCode ?? "ok" });
        instruments.runDuration.record((now - begun) / 1_000);
      } finally {
        if (span.isRecording()) finish(span, { last, result, redact });
        span.end(timeOf(now));
      }
    },
  };
}

function traceBreak(seen: LogBreak, span: Span, timeOf: (at: number) => HrTime): void {
  const attributes = seen.kind === "gap" ? { certainty: seen.certainty } : {};
  span.addEvent(`${adapterType}.log.${seen.kind}`, attributes, timeOf(seen.at));
}

function finish(
  span: Span,
  {
    last,
    result,
    redact,
  }: {
    last: RunEvidence | undefined;
    result: RunResult;
    redact: (text: string) => string;
  },
): void {
  if (last !== undefined) span.setAttributes(evidenceOf(last, redact));
  if (result.errorCode == null) return;
  span.setAttributes(failureOf(result));
  span.setStatus({ code: SpanStatusCode.ERROR, message: failureText(result, redact) });
}

/** Times of the monotonic clock in seconds and nanoseconds of the epoch, so that a wall clock that is set moves none of a run. */
function timesSince(epochMs: number): (at: number) => HrTime {
  return (at) => {
    const ms = epochMs + at;
    const seconds = Math.floor(ms / 1_000);
    return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1_000) * 1e6))];
  };
}
