import { checkRule } from "./fault-rule.ts";
import type { Fault, FaultPattern, FaultRule, Faults, InjectedFault } from "./fault-types.ts";
import { createRandom } from "./random.ts";
import type { RequestRecord } from "./types.ts";

/** The fault that a request meets, and where to tell that it happened. */
export interface Injection {
  readonly fault: Fault;
  happened(afterBytes?: number): void;
}

/** The plan, and the server's side of it. */
export interface FaultPlan extends Faults {
  /** Counts the request in every rule; the first rule that applies is what it meets. */
  take(request: RequestRecord): Injection | undefined;
}

interface Entry {
  readonly rule: FaultRule;
  seen: number;
  met: number;
}

const kept = 10_000;

export function createFaultPlan(now: () => number): FaultPlan {
  const entries = new Set<Entry>();
  const injected: InjectedFault[] = [];
  const note = (fault: InjectedFault): void => {
    injected.push(fault);
    if (injected.length > kept) injected.shift();
  };
  return {
    injected,
    add: (rules) => {
      const list = Array.isArray(rules) ? rules : [rules];
      for (const rule of list) checkRule(rule);
      const added = list.map((rule: FaultRule): Entry => ({ rule, seen: 0, met: 0 }));
      for (const entry of added) entries.add(entry);
      return {
        [Symbol.dispose]: () => {
          for (const entry of added) entries.delete(entry);
        },
      };
    },
    take: (request) => {
      let taken: Entry | undefined;
      for (const entry of entries) {
        if (!matches(entry.rule.on, request)) continue;
        entry.seen += 1;
        if (taken === undefined && applies(entry)) taken = entry;
      }
      if (taken === undefined) return undefined;
      const { rule } = taken;
      taken.met += 1;
      return {
        fault: rule.do,
        happened: (afterBytes) =>
          note({ rule, request, at: now(), ...(afterBytes === undefined ? {} : { afterBytes }) }),
      };
    },
  };
}

/** The same for the same rule and count, whatever other rules and requests there are. */
function applies({ rule, seen, met }: Entry): boolean {
  if (rule.on.nth !== undefined && rule.on.nth !== seen) return false;
  if (met >= (rule.times ?? Infinity)) return false;
  const { probability = 1, seed = 1 } = rule;
  if (probability >= 1) return true;
  return createRandom(Math.imul(seed, 0x9e37_79b1) ^ seen)() < probability;
}

function matches(on: FaultPattern, request: RequestRecord): boolean {
  const query = on.query === undefined ? [] : Object.entries(on.query);
  const asked =
    query.length === 0 ? undefined : new URL(request.url, "http://emulator").searchParams;
  return (
    fits(on.verb, request.verb) &&
    fits(on.resource, request.resource) &&
    fits(on.subresource, request.subresource) &&
    fits(on.namespace, request.namespace) &&
    fits(on.name, request.name) &&
    fits(on.userAgent, request.userAgent) &&
    query.every(([key, value]) => fits(value, asked?.get(key) ?? undefined))
  );
}

function fits(wanted: string | undefined, value = ""): boolean {
  if (wanted === undefined) return true;
  if (!wanted.includes("*")) return wanted === value;
  const [first = "", ...rest] = wanted.split("*");
  if (!value.startsWith(first)) return false;
  const last = rest.pop() ?? "";
  let from = first.length;
  for (const part of rest) {
    const found = value.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return value.length - last.length >= from && value.endsWith(last);
}
