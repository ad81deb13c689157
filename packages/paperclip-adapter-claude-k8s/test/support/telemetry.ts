import {
  context,
  type ContextAPI,
  metrics,
  type MetricsAPI,
  trace,
  type TraceAPI,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { DataPointType, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";

/** One thing that was measured: a counter's value, or how many values a histogram got and their sum. */
interface Point {
  readonly name: string;
  readonly unit: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly value: number;
  readonly count?: number;
  readonly bounds?: readonly number[];
}

/** An SDK as a host registers it, which keeps what it gets. */
export interface MemorySdk extends AsyncDisposable {
  /** Ended ones, in order of their ends. */
  spans(): readonly ReadableSpan[];
  /** Those of this name, or of all. */
  points(name?: string): Promise<readonly Point[]>;
}

/** The host's copy of the API: another one than the adapter's where the adapter is bundled. */
export interface HostApi {
  readonly trace: Pick<TraceAPI, "setGlobalTracerProvider" | "disable">;
  readonly metrics: Pick<MetricsAPI, "setGlobalMeterProvider" | "disable">;
  readonly context: Pick<ContextAPI, "setGlobalContextManager" | "disable">;
}

class AskedReader extends MetricReader {
  protected override async onForceFlush(): Promise<void> {}
  protected override async onShutdown(): Promise<void> {}
}

export function memorySdk(api: HostApi = { trace, metrics, context }): MemorySdk {
  const exporter = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  const reader = new AskedReader();
  const meters = new MeterProvider({ readers: [reader] });
  const contexts = new AsyncLocalStorageContextManager().enable();
  const isRegistered = [
    api.trace.setGlobalTracerProvider(tracers),
    api.metrics.setGlobalMeterProvider(meters),
    api.context.setGlobalContextManager(contexts),
  ];
  if (isRegistered.includes(false)) throw new Error("another SDK is registered");
  return {
    spans: () => exporter.getFinishedSpans(),
    points: async (name) =>
      (await collected(reader)).filter((point) => name === undefined || point.name === name),
    async [Symbol.asyncDispose]() {
      api.trace.disable();
      api.metrics.disable();
      api.context.disable();
      await tracers.shutdown();
      await meters.shutdown();
    },
  };
}

async function collected(reader: MetricReader): Promise<Point[]> {
  const { resourceMetrics, errors } = await reader.collect();
  if (errors.length > 0) throw new AggregateError(errors);
  return resourceMetrics.scopeMetrics.flatMap(({ metrics: all }) =>
    all.flatMap(({ descriptor: { name, unit }, ...metric }) => {
      if (metric.dataPointType === DataPointType.HISTOGRAM)
        return metric.dataPoints.map(({ attributes, value }) => ({
          name,
          unit,
          attributes,
          value: value.sum ?? Number.NaN,
          count: value.count,
          bounds: value.buckets.boundaries,
        }));
      if (metric.dataPointType === DataPointType.SUM)
        return metric.dataPoints.map(({ attributes, value }) => ({
          name,
          unit,
          attributes,
          value,
        }));
      throw new Error(`${name}: a kind of metric that nothing here makes`);
    }),
  );
}

/** Milliseconds of the epoch. */
export function msOf([seconds, nanoseconds]: readonly [number, number]): number {
  return seconds * 1_000 + nanoseconds / 1e6;
}
