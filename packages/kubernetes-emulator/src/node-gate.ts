import type { Clock } from "./clock.ts";

/** How the kubelet looks from the API server, and every log stream that goes through it. */
export interface NodeGate {
  /** `unknown`: it is back but does not know its pods yet, and answers 404. */
  readonly state: "up" | "down" | "unknown";
  awake(): Promise<void>;
  /** Registers an open log stream; the answer takes it off again. */
  open(cut: (how: "clean" | "reset") => void): () => void;
  cut(how: "clean" | "reset"): number;
  restart(times: { readonly downMs: number; readonly unknownMs: number }): Promise<void>;
}

export function createNodeGate(clock: Clock): NodeGate {
  let state: NodeGate["state"] = "up";
  let back = Promise.resolve();
  const streams = new Set<(how: "clean" | "reset") => void>();
  const cut = (how: "clean" | "reset"): number => {
    const all = [...streams];
    for (const one of all) one(how);
    return all.length;
  };
  return {
    get state() {
      return state;
    },
    awake: () => back,
    open: (one) => {
      streams.add(one);
      return () => void streams.delete(one);
    },
    cut,
    restart: async ({ downMs, unknownMs }) => {
      state = "down";
      back = clock.wait(downMs);
      cut("clean");
      await back;
      state = "unknown";
      await clock.wait(unknownMs);
      state = "up";
    },
  };
}
