import type { AdapterExecutionContext } from "@paperclipai/adapter-utils";
import { asString } from "@paperclipai/adapter-utils/server-utils";
import { storedSession } from "../prompt/session.ts";
import { guardKey } from "../run/guard.ts";
import type { BundleUpkeep } from "../bundle/bundle-volume.ts";
import type { RunRequest } from "../run/model.ts";
import { homeFolder } from "../run/pod-shape.ts";
import type { SelfPodInfo } from "../server/self-pod.ts";
import type { Settings } from "../settings/types.ts";
import { collectInputs } from "./inputs.ts";
import { invocationMeta } from "./meta.ts";
import type { RunSink } from "./sink.ts";
import { taskIdOf } from "./task-id.ts";

/** What the request is made from besides the host's context. */
export interface RequestParts {
  readonly settings: Settings;
  /** What is said of the settings in the run's notes. */
  readonly notes: readonly string[];
  readonly self: SelfPodInfo;
  readonly namespace: string;
  readonly otherNamespaces: readonly string[];
  readonly sink: RunSink;
  /** Grows by what is found on the way. */
  readonly warnings: string[];
  /** Values that nobody may read; grows by those of the run's Secret. */
  readonly secrets: Set<string>;
  /** What bundles on the run's claim are kept by. */
  readonly upkeep: BundleUpkeep;
  /** The stored session turned out to be of no use: begin a new one. */
  readonly isFresh?: boolean;
  /** Stored with the session; grows by what the run is given. */
  readonly session: Record<string, string>;
}

/** Keys of the host's context that name what somebody has said since the last run. */
const wordKeys = ["commentId", "wakeCommentId", "approvalId", "interactionId"] as const;

/** Where session files outlive their pod; `undefined` when they do not. */
export function sessionPlace(settings: Settings, namespace: string): string | undefined {
  const claim = settings.workspaceVolumeClaim;
  return claim === undefined ? undefined : `${namespace}/${claim}`;
}

/** The host's words for a run, in ours. */
export function runRequest(host: AdapterExecutionContext, parts: RequestParts): RunRequest {
  const { settings, self, namespace, sink, warnings, session, secrets, isFresh = false } = parts;
  const { upkeep } = parts;
  const { agent, context, runtime, runId } = host;
  const stored = storedSession(runtime);
  const place = sessionPlace(settings, namespace);
  const notes = [...parts.notes];
  const taskId = taskIdOf(context);
  return {
    runId,
    agent,
    taskId,
    sessionId: stored,
    retryOfRunId: asString(context["retryOfRunId"], "") || undefined,
    bringsWords: wordKeys.some((key) => asString(context[key], "") !== ""),
    namespace,
    otherNamespaces: parts.otherNamespaces,
    settings,
    async inputs() {
      const home = homeFolder(guardKey({ settings, agent, taskId }));
      const kept = place === undefined ? undefined : { place, home };
      const inputs = await collectInputs(host, settings, self, { kept, isFresh, upkeep });
      const { login } = inputs.workspace.clone ?? {};
      for (const value of Object.values(inputs.secretEnv)) secrets.add(value);
      if (login !== undefined) secrets.add(login.password);
      Object.assign(session, inputs.session);
      notes.push(...inputs.notes);
      warnings.push(...inputs.warnings);
      return inputs;
    },
    async onCreate() {
      if (!isFresh) await sink.call("onDispatch", () => host.onDispatch?.());
    },
    async onCreated(jobName, inputs) {
      // The host takes one invocation a run, and has had it.
      if (isFresh) return;
      for (const note of notes) if (note.startsWith("Skills bundled")) await sink.remark(note);
      for (const warning of warnings) await sink.note(`warning: ${warning}`);
      const meta = invocationMeta(jobName, namespace, inputs, [
        `Namespace: ${namespace}`,
        ...notes,
      ]);
      await sink.call("onMeta", () => host.onMeta?.(meta));
    },
  };
}
