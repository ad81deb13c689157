import { context, type HrTime, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { realClock } from "@claude-k8s/kube-http";
import { adapterType } from "../cluster/marks.ts";
import type { LogBreak } from "../run/history.ts";
import type { RunEvidence } from "../run/model.ts";
import { phasesOf } from "./phases.ts";
import { scope } from "./scope.ts";
import { evidenceOf, failureOf, failureText, namesOf } from "./span-attributes.ts";
import type { RunNames, RunTelemetry, Telemetry } from "./telemetry.ts";

/** Runs as spans, by the OpenTelemetry API. Without an SDK of the host's all of it does nothing. */
export function traceTelemetry(): Telemetry {
  return { begin: tracedRun, apiRetry: () => {} };
}

/** The tracer is asked for with every run: one from before the host registered its SDK would do nothing for good. */
function tracedRun(names: RunNames): RunTelemetry {
  const begun = realClock.now();
  const timeOf = timesSince(Date.now() - begun);
  const tracer = trace.getTracer(scope);
  const parent = context.active();
  const options = { startTime: timeOf(begun), attributes: namesOf(names) };
  const span = tracer.startSpan(`${adapterType}.run`, options, parent);
  const inRun = trace.setSpan(parent, span);
  let last: RunEvidence | undefined;
  return {
    namespace: (name) => void span.setAttribute("k8s.namespace.name", name),
    logBreak: () => {}, // With its time among the evidence.
    attempt(evidence) {
      last = evidence;
      // Nobody looks, be it for want of an SDK or by a sampler's choice.
      if (!span.isRecording()) return;
      for (const { name, from, to } of phasesOf(evidence.history))
        tracer
          .startSpan(`${adapterType}.phase.${name}`, { startTime: timeOf(from) }, inRun)
          .end(timeOf(to));
      for (const seen of evidence.history.breaks) addBreak(seen, span, timeOf);
    },
    end(result, redact) {
      const endTime = timeOf(realClock.now());
      try {
        if (last !== undefined && span.isRecording()) span.setAttributes(evidenceOf(last, redact));
        if (result.errorCode == null) return;
        span.setAttributes(failureOf(result));
        span.setStatus({ code: SpanStatusCode.ERROR, message: failureText(result, redact) });
      } finally {
        span.end(endTime);
      }
    },
  };
}

function addBreak(seen: LogBreak, span: Span, timeOf: (at: number) => HrTime): void {
  const attributes = seen.kind === "gap" ? { certainty: seen.certainty } : {};
  span.addEvent(`${adapterType}.log.${seen.kind}`, attributes, timeOf(seen.at));
}

/** Times of the monotonic clock in seconds and nanoseconds of the epoch, so that a wall clock that is set moves none of a run. */
function timesSince(epochMs: number): (at: number) => HrTime {
  return (at) => {
    const ms = epochMs + at;
    const seconds = Math.floor(ms / 1_000);
    return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1_000) * 1e6))];
  };
}
