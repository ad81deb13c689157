import type { ContainerRecord } from "./container-record.ts";
import { EmulatorError } from "./errors.ts";
import type { Kubelet } from "./kubelet.ts";
import type { LogClock } from "./log-clock.ts";
import { isMeant, type LogTroubles } from "./log-troubles.ts";
import type { NodeContainers, PodTarget } from "./node-types.ts";
import { signalNumbers } from "./signal-numbers.ts";
import type { Store } from "./store.ts";

interface Parts {
  readonly store: Store;
  readonly kubelet: Kubelet;
  readonly troubles: LogTroubles;
  readonly logClock: LogClock;
}

export function createNodeContainers(parts: Parts): NodeContainers {
  const running = (target: PodTarget | undefined): ContainerRecord[] =>
    parts.store.pods.list().flatMap((pod) =>
      [...(pod.spec.initContainers ?? []), ...pod.spec.containers].flatMap(({ name }) => {
        if (target !== undefined && !isMeant(target, pod, name)) return [];
        const record = parts.kubelet.container(pod, name);
        return record?.run === undefined ? [] : [record];
      }),
    );
  return {
    rotateLogs: (target) => {
      const records = running(target);
      for (const { log } of records) log?.rotate();
      return records.length;
    },
    killContainer: (target, signal) => {
      const number = signalNumbers[signal];
      if (number === undefined) throw wrong("signal", "a signal's name such as SIGKILL", signal);
      const records = running(target);
      const [record] = records;
      if (record === undefined || records.length > 1) {
        const { namespace = "default", name, container } = target;
        const shown = [namespace, name, container].filter((one) => one !== undefined).join("/");
        throw wrong("pod", "one running container", `${records.length} for ${shown}`);
      }
      if (signal === "SIGTERM") record.run?.terminate();
      else record.run?.kill(128 + number);
    },
    breakLogs: (trouble, target) => parts.troubles.add(trouble, target),
    stepClock: (ms) => parts.logClock.step(ms),
  };
}

function wrong(name: string, expected: string, came: string): EmulatorError {
  return new EmulatorError("EMULATOR_OPTION_INVALID", `${name}: expected ${expected}, got ${came}`);
}
