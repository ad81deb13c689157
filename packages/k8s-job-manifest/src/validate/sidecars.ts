import type { Probe } from "../pod-types.ts";
import type { RunSpec } from "../types.ts";
import { checkProcess } from "./program.ts";
import { type Check, itemsOf, maybe, text, when, whole } from "./rule.ts";
import { count, positive } from "./rules.ts";

const portNumber = whole(1, 65_535);
const portName = text(
  "a port's name",
  (value) =>
    /^(?=.{1,15}$)(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value) && /[a-z]/.test(value),
);
const port = {
  says: `${portNumber.says}, or ${portName.says}`,
  holds: (value: unknown) => portNumber.holds(value) || portName.holds(value),
};

export function checkSidecars(check: Check, spec: RunSpec): void {
  for (const { item, path } of itemsOf("sidecars", spec.sidecars)) {
    checkProcess(check, path, item);
    const isCommand = item.argv === undefined || item.argv.length > 0;
    check(`${path}.argv`, item.argv, when(isCommand, "left out, or a program and its arguments"));
    if (item.startupProbe !== undefined)
      checkProbe(check, `${path}.startupProbe`, item.startupProbe);
  }
}

function checkProbe(check: Check, path: string, probe: Probe): void {
  const { exec, httpGet, tcpSocket } = probe;
  const kinds = [exec, httpGet, tcpSocket].filter((kind) => kind !== undefined);
  check(path, Object.keys(probe), when(kinds.length === 1, "one of exec, httpGet and tcpSocket"));
  if (exec !== undefined)
    check(`${path}.exec.command`, exec.command, when((exec.command?.length ?? 0) > 0, "a command"));
  for (const [kind, given] of Object.entries({ httpGet, tcpSocket }))
    if (given !== undefined) check(`${path}.${kind}.port`, given.port, port);
  check(`${path}.initialDelaySeconds`, probe.initialDelaySeconds, maybe(count));
  for (const field of ["periodSeconds", "timeoutSeconds", "failureThreshold"] as const)
    check(`${path}.${field}`, probe[field], maybe(positive));
}
