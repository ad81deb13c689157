import type { ContainerResources } from "../pod-types.ts";
import { quantity } from "../quantity.ts";
import { type Check, entriesOf, text, when } from "./rule.ts";
import { amount, labelKey } from "./rules.ts";

const ownNames = ["cpu", "memory", "ephemeral-storage"];

const resourceName = text(
  "cpu, memory, ephemeral-storage, or a device as in example.com/gpu",
  (value) =>
    ownNames.includes(value) ||
    (value.includes("/") &&
      !value.split("/")[0]?.endsWith("kubernetes.io") &&
      labelKey.holds(value)),
);

export function checkResources(
  check: Check,
  path: string,
  resources: ContainerResources = {},
): void {
  const { requests = {}, limits = {} } = resources;
  for (const [kind, amounts] of Object.entries({ requests, limits }))
    for (const [name, value] of entriesOf(amounts)) {
      check(`${path}.${kind}["${name}"]`, name, resourceName);
      if (value !== "") check(`${path}.${kind}["${name}"]`, value, amount);
    }

  for (const name of new Set([...Object.keys(requests), ...Object.keys(limits)])) {
    const [request, limit] = [requests[name], limits[name]];
    const [least, most] = [amountOf(request), amountOf(limit)];
    const isDevice = name.includes("/");
    if (isDevice) {
      const isCount = [least, most].every(
        (value) => value === undefined || value % 10n ** 9n === 0n,
      );
      check(
        `${path}.limits["${name}"]`,
        limit ?? request,
        when(isCount, "a whole number of devices"),
      );
      const isSame = most !== undefined && (least === undefined || least === most);
      check(`${path}.limits["${name}"]`, limit, when(isSame, "given, and the same as the request"));
    } else if (least !== undefined && most !== undefined)
      check(
        `${path}.requests["${name}"]`,
        request,
        when(least <= most, `at most the limit, ${limit}`),
      );
  }
}

function amountOf(value: unknown): bigint | undefined {
  return typeof value === "string" ? quantity(value) : undefined;
}
