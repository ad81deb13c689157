import type { KubeHttp } from "@claude-k8s/kube-http";
import type { Check } from "../checks/check.ts";
import { cheapChecks } from "../checks/cheap-checks.ts";
import { needOf } from "../checks/settings-need.ts";
import { parseSettings } from "../settings/settings.ts";
import { checkSupervisors } from "./check-supervisors.ts";
import type { Connection } from "./connection.ts";
import { exitCodes } from "./exit-codes.ts";
import type { OptionValues } from "./option-values.ts";
import { printable } from "./printable.ts";
import { printJson, type Surroundings } from "./surroundings.ts";

/** What `doctor --json` prints. */
interface Diagnosis {
  readonly status: "pass" | "warn" | "fail";
  readonly context: string;
  readonly server: string;
  readonly namespace: string;
  readonly checks: readonly Check[];
}

/** `claude-k8s doctor`. */
export async function doctor(
  connection: Connection,
  { json }: Pick<OptionValues, "json">,
  around: Surroundings,
): Promise<number> {
  const { context, server, namespace } = connection;
  const checks = await examine(connection.quick, namespace, around.signal);
  const status = statusOf(checks);
  const diagnosis: Diagnosis = { status, context, server, namespace, checks };
  if (json) await printJson(around, diagnosis);
  else await around.stdout.write(report(diagnosis));
  return status === "fail" ? exitCodes.amiss : exitCodes.done;
}

/** Everything that reads alone can find, in a namespace, of a run with default settings. */
async function examine(
  http: KubeHttp,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  const need = needOf(parseSettings({}).settings);
  const found = await cheapChecks({ http, namespace }, need, signal);
  if (found.some(({ code, level }) => code === "claude_k8s_api" && level === "error")) return found;
  return [...found, ...(await checkSupervisors({ http, namespace }, signal))];
}

function statusOf(checks: readonly Check[]): Diagnosis["status"] {
  if (checks.some(({ level }) => level === "error")) return "fail";
  return checks.some(({ level }) => level === "warn") ? "warn" : "pass";
}

const marks: Readonly<Record<Check["level"], string>> = {
  info: "ok  ",
  warn: "WARN",
  error: "FAIL",
};

const verdicts: Readonly<Record<Diagnosis["status"], string>> = {
  pass: "Nothing is in the way of runs.",
  warn: "Runs work, with less than they could; see WARN.",
  fail: "Runs cannot work; see FAIL.",
};

/** Rights that are there take one line, so that what is amiss is seen. Pure. */
function report({ status, context, server, namespace, checks }: Diagnosis): string {
  const granted = checks.filter(
    ({ code, level, hint }) =>
      code === "claude_k8s_right" && level === "info" && hint === undefined,
  );
  const others = checks.filter((check) => !granted.includes(check));
  const lines = others.flatMap(({ level, message, hint }) => [
    `${marks[level]}  ${printable(message)}`,
    ...(hint === undefined ? [] : [`      → ${printable(hint)}`]),
  ]);
  return [
    `namespace ${namespace} of ${server} (context ${context})`,
    ...lines,
    ...(granted.length === 0
      ? []
      : [`${marks.info}  ${granted.length} of the rights that runs use are granted.`]),
    "",
    verdicts[status],
    "",
  ].join("\n");
}
