import { sleep } from "@claude-k8s/kube-http";
import type { ReflectorOptions } from "./reflector.ts";
import { type RawObject, type Sink, watchOnce } from "./watch-once.ts";

/** How soon a name that is new is watched. */
const lookMs = 250;
const againMs = 1_000;

/**
 * A watch for each name, for those who may watch single objects only (RBAC with `resourceNames`).
 * Ends after `forMs`, or at once when one of them is forbidden too; names may come and go meanwhile.
 */
export async function watchNamed<T extends RawObject, K>(
  options: ReflectorOptions<T, K>,
  names: () => ReadonlySet<string>,
  forMs: number,
): Promise<"over" | "denied"> {
  const { clock, signal } = options;
  const watches = new Map<string, AbortController>();
  const over = new AbortController();
  let denied = false;
  let fault: { readonly error: unknown } | undefined;
  const follow = async (name: string, stop: AbortSignal): Promise<void> => {
    const ended = await watchName(options, name, stop);
    if (ended === "denied") denied = true;
  };
  const onAbort = (): void => over.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const until = clock.now() + forMs;
  const isOver = (): boolean => denied || fault !== undefined || clock.now() >= until;
  try {
    while (!isOver()) {
      const wanted = names();
      for (const [name, watch] of watches) {
        if (wanted.has(name)) continue;
        watch.abort(new Error("nobody asks for it any more"));
        watches.delete(name);
      }
      for (const name of wanted) {
        if (watches.has(name)) continue;
        const watch = new AbortController();
        watches.set(name, watch);
        follow(name, AbortSignal.any([over.signal, watch.signal])).catch((error: unknown) => {
          if (!over.signal.aborted && !watch.signal.aborted) fault = { error };
        });
      }
      await sleep(clock, lookMs, signal);
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    over.abort(new Error("the named watches are over"));
  }
  if (fault !== undefined) throw fault.error;
  return denied ? "denied" : "over";
}

/** One name until it is forbidden, or nobody asks any more: after any other end it begins anew. */
async function watchName<T extends RawObject, K>(
  { http, kind, sink, clock, random }: ReflectorOptions<T, K>,
  name: string,
  signal: AbortSignal,
): Promise<"denied"> {
  const named: Sink<T, K> = { ...sink, replace: (items) => sink.replaceNamed(name, items) };
  let version: string | undefined;
  for (;;) {
    const timeoutSeconds = 240 + Math.floor(random() * 241);
    const ended = await watchOnce(http, kind, named, { version, timeoutSeconds, name, signal });
    if (ended.kind === "denied" || ended.kind === "refused") return "denied";
    version = ended.kind === "ended" || ended.kind === "failed" ? ended.version : undefined;
    if (ended.kind === "failed" && !ended.connected) sink.blind(ended.cause);
    await sleep(clock, againMs * random(), signal);
  }
}
