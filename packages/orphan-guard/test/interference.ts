import type { JobStore } from "../src/index.ts";

type Call = keyof JobStore;

export type Interference = {
  readonly on: Call;
  /** Which call of that kind, from 1. Default: every one. */
  readonly nth?: number;
  /** `before`: instead of the call. `after`: the call is carried out and its reply lost. */
  readonly when: "before" | "after";
  readonly do: () => unknown;
};

/** A store whose calls are recorded, and some disturbed. */
export function disturbed(
  store: JobStore,
  interferences: readonly Interference[],
): { readonly store: JobStore; readonly calls: Call[] } {
  const calls: Call[] = [];
  const around = (on: Call) => {
    return async (...given: never[]) => {
      calls.push(on);
      const nth = calls.filter((call) => call === on).length;
      const now = interferences.filter((one) => one.on === on && (one.nth ?? nth) === nth);
      for (const one of now) if (one.when === "before") await one.do();
      const carryOut = store[on] as (...given: never[]) => Promise<unknown>;
      const answer = await carryOut(...given);
      for (const one of now) if (one.when === "after") await one.do();
      return answer;
    };
  };
  const names = Object.keys(store) as Call[];
  const disturbedStore = Object.fromEntries(names.map((name) => [name, around(name)]));
  return { store: disturbedStore as unknown as JobStore, calls };
}

export function fails(error: unknown): () => never {
  return () => {
    throw error;
  };
}

export function reset(): Error {
  return Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
}

export function forbidden(what: string): Error {
  return Object.assign(new Error(`${what} is forbidden`), { code: 403 });
}
