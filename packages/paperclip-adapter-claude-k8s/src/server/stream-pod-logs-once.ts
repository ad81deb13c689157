import { StringDecoder } from "node:string_decoder";
import { Writable } from "node:stream";
import { realClock } from "@claude-k8s/kube-http";
import { containerName } from "../report/pod-state.ts";
import type { LogApi } from "./log-api.ts";

type OnLog = (stream: "stdout" | "stderr", chunk: string) => Promise<void>;

/** Asked for over and over; whoever holds it may set it. */
export interface StopSignal {
  stopped: boolean;
}

const askEveryMs = 200;

/** How long a request may take to notice that it is no longer wanted. */
const bailMs = 3_000;

/**
 * One look at a pod's log, for scripts: follows it until the stream ends or `stopSignal` is set, and answers
 * with what came. It does not connect again; a run follows its log by `followLog`, which does.
 */
export async function followOnce(
  api: Pick<LogApi, "log">,
  target: { readonly namespace: string; readonly pod: string; readonly sinceSeconds?: number },
  onLog: OnLog,
  stopSignal: StopSignal | undefined,
): Promise<string> {
  const decoder = new StringDecoder("utf8");
  let captured = "";
  const take = async (chunk: string): Promise<void> => {
    captured += chunk;
    if (chunk !== "") await onLog("stdout", chunk);
  };
  const writable = new Writable({
    write: (chunk: Buffer, _encoding, done) => after(take(decoder.write(chunk)), done),
    final: (done) => after(take(decoder.end()), done),
  });
  writable.on("error", () => {}); // The request's own promise says what went wrong.

  const { namespace, pod, sinceSeconds } = target;
  const options = { follow: true, ...(sinceSeconds === undefined ? {} : { sinceSeconds }) };
  const streamed = api.log(namespace, pod, containerName, writable, options);
  const over = { ended: false };
  try {
    await Promise.race([streamed, bail(stopSignal, writable, over)]);
  } finally {
    over.ended = true;
  }
  return captured;
}

function after(work: Promise<void>, done: (error?: Error | null) => void): void {
  // oxlint-disable-next-line promise/no-callback-in-promise -- streams speak in callbacks
  work.then(() => done(), done);
}

/** Ends some time after the stop signal was set; never without one. */
function bail(
  stopSignal: StopSignal | undefined,
  writable: Writable,
  over: { readonly ended: boolean },
): Promise<void> {
  return new Promise((resolve) => {
    if (stopSignal === undefined) return;
    const look = (): void => {
      if (over.ended) return resolve();
      if (!stopSignal.stopped) return void realClock.after(askEveryMs, look);
      writable.destroy();
      realClock.after(bailMs, resolve);
    };
    look();
  });
}
