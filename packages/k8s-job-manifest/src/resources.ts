import type { Quantities } from "./manifest-types.ts";
import type { ContainerResources } from "./pod-types.ts";
import { quantity } from "./quantity.ts";

const defaultRequests: Quantities = { cpu: "250m", memory: "512Mi" };
const defaultLimits: Quantities = { cpu: "4", memory: "8Gi", "ephemeral-storage": "4Gi" };

/**
 * Given amounts with defaults where nothing is said. A default never contradicts what was given: it moves
 * to the given request or limit. An empty text is an amount that shall not be set.
 */
export function withDefaults({
  requests = {},
  limits = {},
}: ContainerResources): ContainerResources {
  return {
    requests: set({ ...moved(defaultRequests, limits, -1), ...requests }),
    limits: set({ ...moved(defaultLimits, requests, 1), ...limits }),
  };
}

/** Given amounts alone. */
export function withoutUnset({ requests, limits }: ContainerResources): ContainerResources {
  return {
    ...(requests === undefined ? {} : { requests: set(requests) }),
    ...(limits === undefined ? {} : { limits: set(limits) }),
  };
}

/** Defaults, moved to what was given beside them when that is beyond in the direction of `sign`. */
function moved(defaults: Quantities, beside: Quantities, sign: 1 | -1): Quantities {
  const entries = Object.entries(defaults).map(([name, amount]) => {
    const given = beside[name];
    return [name, given !== undefined && exceeds(given, amount, sign) ? given : amount] as const;
  });
  return Object.fromEntries(entries);
}

function exceeds(given: string, amount: string, sign: 1 | -1): boolean {
  const [a, b] = [quantity(given), quantity(amount)];
  if (a === undefined || b === undefined) return false;
  return sign === 1 ? a > b : a < b;
}

function set(amounts: Quantities): Quantities {
  return Object.fromEntries(Object.entries(amounts).filter(([, amount]) => amount !== ""));
}
