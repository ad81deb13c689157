import { type Clock, realClock } from "@claude-k8s/kube-http";
import type { RunSink } from "../host/sink.ts";
import { type Activity, beginning, nextActivity } from "./activity.ts";
import type { Onlooker } from "./onlooker.ts";

/** A busy program changes what it does many times a second; nobody reads that. */
const apartMs = 2_000;

/** The host forgets a status line after 90 s. */
const repeatMs = 45_000;

/** Keeps the host's status line at what the program does, while it runs. */
export function liveStatus(
  { activity: tell }: Pick<RunSink, "activity">,
  clock: Clock = realClock,
): Onlooker {
  let now: Activity = beginning;
  let since = 0;
  let toldAt = Number.NEGATIVE_INFINITY;
  let told: Activity | undefined;
  let isOn = false;
  let cancel: (() => void) | undefined;
  const disarm = (): void => {
    cancel?.();
    cancel = undefined;
    isOn = false;
  };
  const say = (): void => {
    toldAt = clock.now();
    told = now;
    const { message } = now;
    void tell({ ...now, message: `${message}${lasting(toldAt - since)}` });
    wait(repeatMs);
  };
  const wait = (ms: number): void => {
    cancel?.();
    cancel = clock.after(ms, say);
  };
  const begin = (): void => {
    if (isOn) return;
    isOn = true;
    since = clock.now();
    // Its first lines may come before the word that it runs.
    if (now === beginning) wait(repeatMs);
    else say();
  };
  return {
    phase(phase) {
      // That it runs was told as the Job's phase.
      if (phase === "running") begin();
      if (phase === "ending") disarm();
    },
    output(events) {
      const next = events.reduce(nextActivity, now);
      if (next.message !== now.message) since = clock.now();
      now = next;
      if (!isOn || now === told) return;
      const left = toldAt + apartMs - clock.now();
      if (left <= 0) say();
      else wait(left);
    },
    disarm,
  };
}

/** From a minute on it is worth a word. */
function lasting(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes === 0 ? "" : `, for ${minutes} min`;
}
