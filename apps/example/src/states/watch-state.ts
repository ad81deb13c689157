import { createJobHub, type JobEnd, type JobEvent } from "@claude-k8s/job-watch";
import { jobName, type Message, recordState, type RecordOptions } from "./record-state.ts";
import type { State, StateWorld } from "./state.ts";

/** What a hub made of a state, beside what bare watches in the same process saw. */
export interface WatchedState {
  readonly events: readonly JobEvent[];
  readonly end: JobEnd | undefined;
  /** Milliseconds from the fact, as a bare watch saw it, to the event that tells of it. */
  readonly lagMs: number | undefined;
}

/** Brings the world to a state while a hub watches, from before the Job is made to its end. */
export async function watchState(
  state: State,
  world: StateWorld,
  options: Pick<RecordOptions, "fault"> = {},
): Promise<WatchedState> {
  const { http, namespace, signal } = world;
  const labelSelector = `state=${jobName}`;
  const policy = state.policy ?? {};
  const hub = createJobHub({ http, namespace, labelSelector, policy });
  const made = Promise.withResolvers<string>();
  const events: { readonly event: JobEvent; readonly at: number }[] = [];
  const over = new AbortController();
  let startedAt = performance.now();
  const watching = (async () => {
    const job = { namespace, name: jobName };
    const watch = {
      container: "main",
      uid: made.promise,
      signal: AbortSignal.any([signal, over.signal]),
    };
    for await (const event of hub.watch(job, watch))
      events.push({ event, at: performance.now() - startedAt });
  })();
  const isEnough = (): boolean => events.at(-1)?.event.type === "end";
  try {
    startedAt = performance.now();
    const { messages } = await recordState(state, world, {
      ...options,
      onMade: made.resolve,
      isEnough,
    });
    // What the cluster has written by now is found out within the graces of the state's policy.
    if (state.end !== undefined) await watching;
    over.abort(new Error("watched for long enough"));
    await watching.catch(() => {});
    const last = events.at(-1)?.event;
    return {
      events: events.map(({ event }) => event),
      end: last?.type === "end" ? last.end : undefined,
      lagMs: lagOf(messages, events),
    };
  } finally {
    over.abort(new Error("over"));
    await hub.close();
  }
}

/** From the last of the facts that the end rests on to its event; of a start problem, to the event of that. */
function lagOf(
  messages: readonly Message[],
  events: readonly { readonly event: JobEvent; readonly at: number }[],
): number | undefined {
  const last = events.at(-1);
  if (last?.event.type !== "end") return undefined;
  const { end } = last.event;
  const told =
    end.kind === "not-started" && end.why !== "deadline" && end.why !== "init"
      ? (events.find(({ event }) => event.type === "start-problem") ?? last)
      : last;
  const facts = messages.filter((one) => one.at <= told.at + 50 && isFact(one, end));
  const [first] = facts;
  return first === undefined ? undefined : Math.max(0, told.at - first.at);
}

function isFact({ resource, type, object }: Message, end: JobEnd): boolean {
  const { status } = object;
  const main = status?.containerStatuses?.find(({ name }) => name === "main")?.state;
  if (end.kind !== "not-started") {
    if (resource === "jobs")
      return type === "DELETED" && end.kind === "deleted" && end.exit === undefined;
    return resource === "pods" && (main?.terminated != null || status?.phase === "Failed");
  }
  const { reason } = end;
  if (end.why === "deadline")
    return (
      resource === "jobs" &&
      status?.conditions?.some((one) => one.type === "FailureTarget") === true
    );
  if (resource === "events") return onlyInEvents.has(reason) && object.reason === reason;
  if (resource === "jobs") return false;
  const isInit = status?.initContainerStatuses?.some(
    ({ state }) => state?.waiting?.reason === reason || (state?.terminated?.exitCode ?? 0) !== 0,
  );
  const isSaid = status?.conditions?.some((one) => one.reason === reason);
  return (
    main?.waiting?.reason === reason ||
    status?.reason === reason ||
    isSaid === true ||
    isInit === true
  );
}

/** What neither the Job nor the pod says. */
const onlyInEvents = new Set(["FailedCreate", "FailedMount"]);
