import type { Pod } from "./kube-object.ts";
import type { LogTrouble, PodTarget } from "./node-types.ts";

/** What keeps the kubelet from reading logs. */
export interface LogTroubles {
  add(trouble: LogTrouble, target: PodTarget | undefined): Disposable;
  of(pod: Pod, container: string): LogTrouble | undefined;
}

export function createLogTroubles(): LogTroubles {
  const troubles = new Set<{ trouble: LogTrouble; target: PodTarget | undefined }>();
  return {
    add: (trouble, target) => {
      const one = { trouble, target };
      troubles.add(one);
      return { [Symbol.dispose]: () => void troubles.delete(one) };
    },
    of: (pod, container) =>
      [...troubles].find(({ target }) => target === undefined || isMeant(target, pod, container))
        ?.trouble,
  };
}

export function isMeant(target: PodTarget, { metadata }: Pod, container: string): boolean {
  const { namespace = "default" } = target;
  if (namespace !== metadata.namespace || target.name !== metadata.name) return false;
  return target.container === undefined || target.container === container;
}
