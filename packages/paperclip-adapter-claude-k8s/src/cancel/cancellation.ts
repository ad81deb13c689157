import { textOf } from "../untyped.ts";
import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { type Clock, sleep } from "@claude-k8s/kube-http";
import { type HostApi, isCancelledAtHost } from "./host-run.ts";
import type { StopReason } from "./stop-reason.ts";

/** What the host's `AbortSignal` carries when the host lost its own lease on the run. Not an operator's stop. */
const leaseLost = "Legacy controller lease lost";

const pollEveryMs = 15_000;
const askLimitMs = 5_000;

/** What a host offers to stop a run by. */
export type HostSide = Pick<AdapterExecutionContext, "runId" | "signal" | "onCancellationReady">;

/**
 * Turns the host's wish to end a run into an abort of `stop`, until `over` is aborted.
 *
 * Hosts that know the handshake (`onCancellationReady`) say it by their signal. For older ones the run's
 * status is asked for every 15 s. After a lost lease the host is asked first: an operator may have stopped
 * the run, or another process may hold it, and in doubt the Job is left alone.
 */
export async function listenForCancellation(
  host: HostSide,
  api: HostApi | undefined,
  stop: AbortController,
  options: { clock: Clock; over: AbortSignal },
): Promise<void> {
  const { signal } = host;
  const onAbort = (): void =>
    void reasonOf(signal?.reason, host.runId, api, options).then((reason) => stop.abort(reason));
  signal?.addEventListener("abort", onAbort, { once: true, signal: options.over });
  if (host.onCancellationReady !== undefined) await host.onCancellationReady();
  else if (api !== undefined) void poll(api, host.runId, stop, options);
  // A stop may have come before anybody listened.
  if (signal?.aborted === true) onAbort();
}

async function reasonOf(
  reason: unknown,
  runId: string,
  api: HostApi | undefined,
  { clock, over }: { clock: Clock; over: AbortSignal },
): Promise<StopReason> {
  const message = reason === undefined ? "" : textOf(reason);
  if (!message.includes(leaseLost))
    return { kind: "cancelled", message: message || "Run cancelled" };
  const cancelled = api && (await ask(api, runId, { clock, over }));
  return cancelled === true
    ? { kind: "cancelled", message: "Run cancelled" }
    : { kind: "lease-lost" };
}

/** A host that does not answer in time has not answered. */
async function ask(
  api: HostApi,
  runId: string,
  { clock, over }: { clock: Clock; over: AbortSignal },
): Promise<boolean | undefined> {
  const limit = new AbortController();
  const disarm = clock.after(askLimitMs, () => limit.abort());
  const answer = await isCancelledAtHost(api, runId, AbortSignal.any([over, limit.signal]));
  disarm();
  return answer;
}

async function poll(
  api: HostApi,
  runId: string,
  stop: AbortController,
  { clock, over }: { clock: Clock; over: AbortSignal },
): Promise<void> {
  try {
    while (true) {
      await sleep(clock, pollEveryMs, over);
      if ((await ask(api, runId, { clock, over })) !== true) continue;
      return stop.abort({ kind: "cancelled", message: "Run cancelled" } satisfies StopReason);
    }
  } catch (error) {
    if (!over.aborted) throw error; // The only thing that ends a sleep is the end of the run.
  }
}
