import { randomBytes } from "node:crypto";
import type {
  AdapterEnvironmentTestContext,
  AdapterEnvironmentTestResult,
} from "@paperclipai/adapter-utils";
import { buildRun } from "@claude-k8s/k8s-job-manifest";
import type { JobPolicy } from "@claude-k8s/job-watch";
import { realClock } from "@claude-k8s/kube-http";
import { connectionFault } from "../checks/check-api.ts";
import { type Check, failed, hasBlocker, passed, warned } from "../checks/check.ts";
import { adapterType } from "../cluster/marks.ts";
import { AdapterError } from "../errors.ts";
import { buildProbe } from "../probe/probe-job.ts";
import { probeChecks } from "../probe/probe-checks.ts";
import { runProbe } from "../probe/run-probe.ts";
import type { BuiltRun } from "../run/create.ts";
import { parseSettings } from "../settings/settings.ts";
import { textOf } from "../untyped.ts";
import { sharedClaim } from "../workspace/shared-claim.ts";
import { type CheapHalf, cheapHalf, type Connect, settingsChecks } from "./cheap-half.ts";
import { credentialsCheck } from "./credentials.ts";
import { checkDryRun } from "./dry-run.ts";
import { type VeryRun, veryRun } from "./very-run.ts";

/** How long the test may take, in ms: all of it ends within `findMs` and `removeMs` together. */
export interface TestLimits {
  /** For finding out. */
  readonly findMs: number;
  /** Then for removing the probe. */
  readonly removeMs: number;
  /** What ends the probe's wait for a start. */
  readonly policy: JobPolicy;
}

/** A minute in all. Graces are shorter than a run's: somebody is waiting for the answer. */
const usualLimits: TestLimits = {
  findMs: 45_000,
  removeMs: 12_000,
  policy: {
    unschedulable: "wait",
    scheduleTimeoutMs: 20_000,
    imageGraceMs: 30_000,
    imageAbsentGraceMs: 8_000,
    configGraceMs: 12_000,
    quotaGraceMs: 5_000,
    admissionGraceMs: 5_000,
  },
};

type Tested = Pick<AdapterEnvironmentTestContext, "config" | "companyId">;

/**
 * Looks for what would stop a run before one is started, each with what to do about it: settings, API server,
 * namespace, Pod Security, rights, quotas, volume, credentials, the very Job in a dry run, and, when nothing
 * of that stands in the way, a short probe Job with the run's image in the run's place.
 *
 * Ends within a minute. The probe is removed whatever happens.
 * @param connect opens the cluster that the settings name; its failure is a finding
 */
export async function testEnvironment(
  tested: Tested,
  connect: Connect,
  limits: TestLimits = usualLimits,
): Promise<AdapterEnvironmentTestResult> {
  const limit = new AbortController();
  const disarm = realClock.after(limits.findMs, () => limit.abort(new Error("the time is up")));
  const checks: Check[] = [...settingsChecks(parseSettings(tested.config))];
  try {
    const cheap = await cheapHalf(tested.config, connect, limit.signal);
    checks.push(...cheap.checks);
    const run = await built(tested, cheap);
    if ("level" in run) {
      // Settings of which nothing can be built were found by now.
      if (!checks.some(({ code, level }) => code === run.code && level === "error"))
        checks.push(run);
    } else
      for await (const found of deepHalf(run, cheap, { checks, limits, signal: limit.signal }))
        checks.push(...found);
  } catch (error) {
    checks.push(
      limit.signal.aborted
        ? warned(
            "claude_k8s_time",
            `Not everything could be asked within ${limits.findMs / 1_000} s.`,
            "Test again; if it stays so, the API server or the network to it is slow.",
          )
        : connectionFault(error),
    );
  } finally {
    disarm();
  }
  return result(checks);
}

interface BuiltVeryRun extends VeryRun {
  readonly manifests: BuiltRun;
}

/** What a run would be built of, or why it could not be. */
async function built(
  tested: Tested,
  { settings, cluster }: CheapHalf,
): Promise<BuiltVeryRun | Check> {
  try {
    const run = await veryRun(tested, settings, cluster.self);
    return { ...run, manifests: buildRun(run.spec) };
  } catch (error) {
    const isImage = AdapterError.isInstance(error) && settings.image === undefined;
    return isImage
      ? failed(
          "claude_k8s_image",
          error.message,
          "Set image to one that has the claude command, by tag or digest.",
        )
      : failed("claude_k8s_setting", textOf(error), "Change the setting that the message names.");
  }
}

/** What needs a run to look at: its login, its Job, and at last the probe. */
async function* deepHalf(
  run: BuiltVeryRun,
  { settings, namespace, cluster: { http, self } }: CheapHalf,
  {
    checks,
    limits,
    signal,
  }: {
    readonly checks: readonly Check[];
    readonly limits: TestLimits;
    readonly signal: AbortSignal;
  },
): AsyncGenerator<readonly Check[]> {
  const hasVolume = settings.workspaceVolumeClaim !== undefined;
  const { serviceAccountName: serviceAccount } = settings;
  yield run.warnings.map((warning) => warned("claude_k8s_setting", warning));
  if (run.apiUrlProblem !== undefined) yield [warned("claude_k8s_host_url", run.apiUrlProblem)];
  yield [credentialsCheck(run.variables, { hasVolume, serviceAccount })];
  if (!hasBlocker(checks)) yield await checkDryRun({ http, namespace }, run.manifests, signal);
  if (hasBlocker(checks)) {
    yield [passed("claude_k8s_job", "No probe Job was started: mend the errors first.")];
    return;
  }
  const mark = randomBytes(5).toString("hex");
  const url = run.apiUrlProblem === undefined ? run.apiUrl : undefined;
  const wantsGit = settings.cloneRepo && sharedClaim(settings, self).kind === "none";
  const probe = buildProbe(run.spec, { mark, url, wantsGit });
  const { policy, removeMs } = limits;
  const evidence = await runProbe({ http, built: probe, mark, policy, removeMs, signal });
  const waitsForNode = settings.unschedulableWaitSec > 0;
  yield probeChecks(evidence, { mark, image: run.image, url, namespace, waitsForNode });
}

function result(checks: readonly Check[]): AdapterEnvironmentTestResult {
  const has = (level: string): boolean => checks.some((check) => check.level === level);
  const status = has("error") ? "fail" : has("warn") ? "warn" : "pass";
  return { adapterType, status, checks: [...checks], testedAt: new Date().toISOString() };
}
