import type { HireApprovedHookResult } from "@paperclipai/adapter-utils";
import { realClock } from "@claude-k8s/kube-http";
import { connectionFault } from "../checks/check-api.ts";
import type { Check } from "../checks/check.ts";
import { parseSettings } from "../settings/settings.ts";
import { cheapHalf, type Connect, settingsChecks } from "./cheap-half.ts";

const limitMs = 20_000;

/**
 * Says whether a newly approved agent could run, from what can be asked without creating anything. Never
 * throws; the approval goes on whatever it says.
 */
export async function hireApproved(
  config: Readonly<Record<string, unknown>>,
  connect: Connect,
): Promise<HireApprovedHookResult> {
  const limit = new AbortController();
  const disarm = realClock.after(limitMs, () => limit.abort(new Error("the time is up")));
  // The host hands over variables as they are stored, with references in the place of secrets.
  const plain = { ...config, env: undefined };
  const checks: Check[] = [...settingsChecks(parseSettings(plain))];
  try {
    checks.push(...(await cheapHalf(plain, connect, limit.signal)).checks);
  } catch (error) {
    checks.push(connectionFault(error));
  } finally {
    disarm();
  }
  const wrong = checks.filter(({ level }) => level === "error");
  const detail = { checks: checks.filter(({ level }) => level !== "info") };
  return wrong.length === 0
    ? { ok: true, detail }
    : { ok: false, error: wrong.map(({ message }) => message).join(" "), detail };
}
