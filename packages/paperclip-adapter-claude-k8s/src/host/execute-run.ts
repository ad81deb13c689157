import type { AdapterExecutionContext, AdapterExecutionResult } from "@paperclipai/adapter-utils";
import { realClock } from "@claude-k8s/kube-http";
import { type HostSide, listenForCancellation } from "../cancel/cancellation.ts";
import type { HostApi } from "../cancel/host-run.ts";
import type { Shutdown } from "../cancel/shutdown.ts";
import { stopReason } from "../cancel/stop-reason.ts";
import type { ClusterClient } from "../cluster/cluster-client.ts";
import type { Clusters } from "../cluster/clusters.ts";
import type { RunPlaces } from "../quota/quota-windows.ts";
import type { RateLimits } from "../quota/rate-limits.ts";
import { classify } from "../run/classify.ts";
import { acknowledgedLate } from "../run/classify-stopped.ts";
import { bundlesInUse } from "../run/bundles-in-use.ts";
import type { Cluster } from "../run/cluster.ts";
import type { FollowedJobs } from "../run/followed-jobs.ts";
import type { ErrorCode } from "../run/error-codes.ts";
import type { LogBreak } from "../run/history.ts";
import type { RunEvidence, RunRequest } from "../run/model.ts";
import { nothingSeen } from "../run/observation.ts";
import { withPromptOf } from "../run/prompt-given.ts";
import { run } from "../run/run.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import { textOf } from "../untyped.ts";
import { inherit } from "../settings/inherit.ts";
import { parseSettings } from "../settings/settings.ts";
import type { GuardedTelemetry } from "../telemetry/guarded.ts";
import type { RunTelemetry } from "../telemetry/telemetry.ts";
import { billing } from "./billing.ts";
import { billingFacts } from "./billing-facts.ts";
import { earlierSession } from "./earlier-session.ts";
import { needsFreshSession, toldOfFreshSession } from "./fresh-session.ts";
import type { OtherNamespaces } from "./other-namespaces.ts";
import { redaction } from "./redaction.ts";
import { refusal } from "./refusal.ts";
import { runRequest, sessionPlace } from "./request.ts";
import { hostResult } from "./result.ts";
import { hostSink, type RunSink } from "./sink.ts";
import { withWarning } from "./with-warning.ts";

/** What runs of one executor share. */
export interface Shared {
  readonly client: ClusterClient;
  readonly clusters: Clusters;
  readonly shutdown: Shutdown;
  readonly followed: FollowedJobs;
  readonly telemetry: GuardedTelemetry;
  /** What runs were told of the provider's limits. */
  readonly limits: RateLimits;
  readonly places: RunPlaces;
  readonly others: OtherNamespaces;
}

/** One run, in the host's words on both sides. Never throws. */
export async function executeRun(
  host: AdapterExecutionContext,
  shared: Shared,
): Promise<AdapterExecutionResult> {
  const stop = new AbortController();
  const over = new AbortController();
  const settled = Promise.withResolvers<void>();
  // First of all: a signal that comes now must find a listener.
  const entry = { stop, settled: settled.promise, unwritten: () => canWrite(shared.client) };
  shared.shutdown.add(entry);
  const told = shared.telemetry.begin(host);
  const secrets = new Set([host.authToken ?? ""]);
  const redact = redaction(secrets);
  try {
    const own = { stop, over: over.signal, told, secrets, redact };
    const result = await attempt(host, shared, own).catch((error) => unexpected(error, redact));
    told.end(result, redact);
    return withWarning(result, told.problem(), redact);
  } finally {
    over.abort();
    shared.shutdown.remove(entry);
    settled.resolve();
  }
}

/** What one run has to itself. */
interface Own {
  readonly stop: AbortController;
  /** Aborted when the run has its result. */
  readonly over: AbortSignal;
  readonly told: RunTelemetry;
  /** Values that nobody may read; grows by those of the run's Secret. */
  readonly secrets: Set<string>;
  /** Takes them out of a text. */
  readonly redact: (text: string) => string;
}

async function attempt(
  host: AdapterExecutionContext,
  shared: Shared,
  { stop, over, told, secrets, redact }: Own,
): Promise<AdapterExecutionResult> {
  const sink = hostSink(host, { redact });
  const { settings, problems, warnings: notes } = parseSettings(host.config);
  const warnings = [...notes];
  let cluster: Cluster | undefined;
  let evidence: RunEvidence;
  let request: RunRequest | undefined;
  let self: SelfPodInfo | undefined;
  const session: Record<string, string> = {};
  try {
    const refused = refusal(host, problems);
    if (refused !== undefined) return refused;
    await listenForCancellation(hearing(host, sink), hostApi(host), stop, {
      clock: realClock,
      over,
    });
    self = await shared.client.getSelfPodInfo(settings.kubeconfig);
    const namespace = settings.namespace ?? self.namespace;
    const filled = inherit(settings, self);
    warnings.push(...filled.warnings);
    const here = { agentId: host.agent.id, kubeconfig: settings.kubeconfig, namespace };
    const others = shared.others.note(here, host.runtime.sessionParams?.["place"]);
    shared.places.add(settings.kubeconfig, namespace);
    told.namespace(namespace);
    Object.assign(session, { place: sessionPlace(filled.settings, namespace) ?? "pod" });
    cluster = shared.clusters.open(settings.kubeconfig, namespace);
    const upkeep = { wallMs: Date.now(), inUse: bundlesInUse(cluster, namespace) };
    const where = { self, namespace, otherNamespaces: others };
    const parts = { ...filled, ...where, sink, secrets, warnings, session, upkeep };
    const onLogBreak = (seen: LogBreak): void => told.logBreak(seen);
    const around = { sink, stop, followed: shared.followed, onLogBreak };
    request = runRequest(host, parts);
    evidence = await run(request, cluster, around);
    if (needsFreshSession(evidence, stop.signal)) {
      told.attempt(evidence);
      await toldOfFreshSession(evidence, sink);
      evidence = await run(runRequest(host, { ...parts, isFresh: true }), cluster, around);
    }
  } catch (error) {
    evidence = nothingSeen({ kind: "fault", stage: "guard", error });
  }
  told.attempt(evidence);
  await cluster?.close();
  shared.limits.add(evidence.transcript.limits);
  const { outcome, warning } = withPromptOf(
    { bringsWords: request?.bringsWords === true },
    evidence.job,
    acknowledgedLate(classify(evidence), stopReason(stop.signal), evidence),
  );
  if (warning !== undefined) {
    await sink.note(`warning: ${warning}`);
    warnings.push(warning);
  }
  if (outcome.errorMessage !== undefined) await sink.note(redact(outcome.errorMessage));
  return hostResult({
    evidence,
    outcome,
    askedModel: settings.model,
    session: evidence.job?.ofEarlierAdapter ? earlierSession(host, evidence) : session,
    billing: billing(billingFacts(host, settings, self, evidence)),
    warnings: [...warnings, ...sink.failures],
    redact,
  });
}

/** The host's side of a stop, where a handshake that fails or hangs does not keep the run from its start. */
function hearing(host: AdapterExecutionContext, sink: RunSink): HostSide {
  const { runId, signal } = host;
  return {
    runId,
    ...(signal === undefined ? {} : { signal }),
    ...(host.onCancellationReady === undefined
      ? {}
      : {
          onCancellationReady: () =>
            sink.call("onCancellationReady", () => host.onCancellationReady?.()),
        }),
  };
}

/** A fault of this program. A Job that was made goes on; the next run of its guard key finds it. */
function unexpected(error: unknown, redact: (text: string) => string): AdapterExecutionResult {
  return {
    exitCode: null,
    signal: null,
    timedOut: false,
    errorCode: "claude_k8s_internal" satisfies ErrorCode,
    errorMessage: redact(`The adapter failed: ${textOf(error)}`),
    resultJson: { stack: redact(error instanceof Error ? (error.stack ?? "") : "") },
  };
}

function hostApi({ authToken }: AdapterExecutionContext): HostApi | undefined {
  const url = process.env["PAPERCLIP_API_URL"];
  return url && authToken ? { url, authToken } : undefined;
}

/** Only the production binding writes down where it stopped. */
function canWrite(client: ClusterClient): boolean {
  return "getKubeHttp" in client;
}
