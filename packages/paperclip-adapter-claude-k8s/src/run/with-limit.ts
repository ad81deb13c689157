import { realClock } from "@claude-k8s/kube-http";

/** Work with a deadline of its own, which is not the run's signal: that may be aborted already. */
export async function withLimit<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const disarm = realClock.after(ms, () => limit.abort(new Error(`no answer within ${ms} ms`)));
  try {
    return await work(limit.signal);
  } finally {
    disarm();
  }
}
