/** Where the host answers questions about a run. Both are needed to ask. */
export interface HostApi {
  readonly url: string;
  readonly authToken: string;
}

/**
 * True for a run status by which the host wants the run stopped.
 *
 * Other endings (`failed`, `succeeded` …) are not a wish to stop: hosts have shown them for a moment while
 * the run was going on, and a Job must not be deleted for that.
 */
export function shouldAbortForCancellation(status: string | undefined): boolean {
  return status === "cancelled" || status === "cancelling";
}

/**
 * Asks the host whether the run is to be stopped. `undefined` means nobody knows: no answer, or one that
 * says nothing. Never throws.
 */
export async function isCancelledAtHost(
  api: HostApi,
  runId: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  try {
    const url = `${api.url.replace(/\/+$/, "")}/api/heartbeat-runs/${encodeURIComponent(runId)}`;
    const answer = await globalThis.fetch(url, {
      headers: { Authorization: `Bearer ${api.authToken}` },
      signal,
    });
    return answer.ok ? wantsStop(await answer.json()) : undefined;
  } catch {
    return undefined; // The host is away or the answer is no JSON: both mean that nobody knows.
  }
}

/** While a stop is under way the status is still `running`; the request is what shows it. */
function wantsStop(run: unknown): boolean {
  const { status, resultJson } = (run ?? {}) as {
    status?: string;
    resultJson?: { executionCancellation?: { state?: string } } | null;
  };
  return (
    shouldAbortForCancellation(status) || resultJson?.executionCancellation?.state === "requested"
  );
}
