import { sleep } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import { asked } from "./kube-fault.ts";
import { listAll } from "./list-all.ts";
import type { ReflectorOptions } from "./reflector.ts";
import type { RawObject, Sink } from "./watch-once.ts";

const soonMs = 2_000;
const calmMs = 10_000;

/**
 * One list for all runs, every two seconds, and up to ten while nothing changes; without the right to
 * list, a read of each name. Ends after `forMs`: then watching may be allowed.
 * @throws JobWatchError `JOB_WATCH_DENIED` when there is no way to read either
 */
export async function pollKind<T extends RawObject, K>(
  options: ReflectorOptions<T, K>,
  forMs: number,
): Promise<void> {
  const { clock, random, signal, kind } = options;
  const until = clock.now() + forMs;
  let pauseMs = soonMs;
  let hasChanged = false;
  const sink = noticing(options.sink, () => {
    hasChanged = true;
  });
  let mayList = true;
  while (clock.now() < until) {
    hasChanged = false;
    if (mayList) mayList = await list({ ...options, sink });
    if (!mayList && kind.names !== undefined) await readEach({ ...options, sink }, kind.names());
    pauseMs = hasChanged ? soonMs : Math.min(calmMs, pauseMs * 1.5);
    await sleep(clock, pauseMs * (0.9 + random() * 0.2), signal);
  }
}

/** Whether listing is allowed. */
async function list<T extends RawObject, K>(options: ReflectorOptions<T, K>): Promise<boolean> {
  try {
    await listAll(options, options.signal);
    return true;
  } catch (error) {
    const isDenied = JobWatchError.isInstance(error) && error.code === "JOB_WATCH_DENIED";
    if (!isDenied || options.kind.names === undefined) throw error;
    return false;
  }
}

async function readEach<T extends RawObject, K>(
  { http, kind, sink, signal }: ReflectorOptions<T, K>,
  names: ReadonlySet<string>,
): Promise<void> {
  for (const name of names) {
    try {
      const path = `${kind.path}/${encodeURIComponent(name)}`;
      const answer = await asked(http.request<T>({ method: "GET", path, signal }), signal);
      sink.sighted();
      sink.replaceNamed(name, answer.kind === "ok" ? [sink.slim(answer.body)] : []);
    } catch (error) {
      signal.throwIfAborted();
      if (!JobWatchError.isInstance(error) || error.code !== "JOB_WATCH_BLIND") throw error;
      sink.blind(error.message);
    }
  }
}

/** Tells when objects come that were not there in this version. */
function noticing<T extends RawObject, K>(sink: Sink<T, K>, changed: () => void): Sink<T, K> {
  let versions = new Set<string>();
  let listed = new Set<string>();
  return {
    ...sink,
    slim(item) {
      const { uid = "", name = "", resourceVersion = "" } = item.metadata ?? {};
      const version = `${uid} ${name} ${resourceVersion}`;
      if (!versions.has(version)) changed();
      listed.add(version);
      return sink.slim(item);
    },
    replace(items) {
      if (listed.size !== versions.size) changed();
      versions = listed;
      listed = new Set();
      sink.replace(items);
    },
    replaceNamed(name, items) {
      versions = new Set([...versions, ...listed]);
      sink.replaceNamed(name, items);
    },
  };
}
