import { type KubeAnswer, KubeHttpError } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";

/** An answer that is one; anything else in our words. `invalid` is no answer to what is asked here. */
export async function asked<T>(
  answering: Promise<KubeAnswer<T>>,
  signal: AbortSignal,
): Promise<Exclude<KubeAnswer<T>, { kind: "invalid" | "gone" }>> {
  let answer: KubeAnswer<T>;
  try {
    answer = await answering;
  } catch (error) {
    signal.throwIfAborted();
    throw kubeFault(error);
  }
  if (answer.kind === "invalid" || answer.kind === "gone")
    throw new JobWatchError("JOB_WATCH_BLIND", answer.status?.message ?? `answered ${answer.kind}`);
  return answer;
}

/** Only a missing right is final: anything else may pass, and the caller's signal decides how long to try. */
function kubeFault(error: unknown): unknown {
  if (!KubeHttpError.isInstance(error) || error.code === "KUBE_CLOSED") return error;
  const code = error.code === "KUBE_DENIED" ? "JOB_WATCH_DENIED" : "JOB_WATCH_BLIND";
  return new JobWatchError(code, error.message, { cause: error });
}
