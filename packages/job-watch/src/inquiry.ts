import type { Clock } from "@claude-k8s/kube-http";
import { JobWatchError } from "./errors.ts";
import type { JobLevel, JobWarning } from "./level.ts";
import type { Seen } from "./observe.ts";
import { podKey } from "./pod-key.ts";
import type { EventSubject, JobReader } from "./ports.ts";
import { present } from "./present.ts";
import { type Question, questionOf } from "./question.ts";
import type { EventSnapshot } from "./snapshot-types.ts";
import type { JobRef } from "./types.ts";

/** Asks what a run's level leaves open, for as long as it does. */
export interface Inquiry {
  /** `undefined`: the run is over. */
  look(level: JobLevel | undefined): void;
}

type InquiryOptions = {
  readonly reader: JobReader;
  readonly clock: Clock;
  readonly job: () => JobRef;
  readonly see: (seen: Seen) => void;
  readonly signal: AbortSignal;
};

/** A question that stays open for an hour has been asked often enough to be asked no more. */
const mostAsks = 70;
const againMs = 1_000;

/**
 * Events and nodes are a help for people and for the policy: without the right to them, or while they
 * cannot be read, a wait is only less well explained, and ends by time alone.
 */
export function createInquiry({ reader, clock, job, see, signal }: InquiryOptions): Inquiry {
  let key: string | undefined;
  let cancel: (() => void) | undefined;
  let latest: JobLevel | undefined;

  const ask = async (question: Question): Promise<"answer" | "no answer" | "denied"> => {
    const { about } = question;
    const fact =
      about.kind === "node"
        ? await nodeFact(reader, about.name, signal)
        : await eventFact(
            reader,
            { ...about, kind: about.kind === "job-events" ? "Job" : "Pod" },
            { job: job(), now: () => clock.now(), level: latest, signal },
          );
    if (fact === "no answer" || fact === "denied") return fact;
    if (fact !== undefined && key === question.key && !signal.aborted) see(fact);
    const isUnreadable = fact?.kind === "node" && fact.node === "unreadable";
    return isUnreadable ? "denied" : "answer";
  };
  const askAndPlan = async (question: Question, nth: number): Promise<void> => {
    const outcome = await ask(question);
    // A right that is missing is not asked for again: each denial costs the API server several requests.
    if (outcome === "denied") return;
    if (key === question.key && !signal.aborted) plan(question, nth + 1, outcome === "no answer");
  };
  const plan = (question: Question, nth: number, isAgain = false): void => {
    const ms = isAgain
      ? againMs
      : (question.delaysMs[Math.min(nth, question.delaysMs.length - 1)] ?? 60_000);
    if (nth >= mostAsks) return;
    cancel = clock.after(ms, () => {
      if (key !== question.key || signal.aborted) return;
      void askAndPlan(question, nth);
    });
  };

  return {
    look(level) {
      latest = level;
      const question = level && questionOf(level);
      if (question?.key === key) return;
      cancel?.();
      cancel = undefined;
      key = question?.key;
      if (question !== undefined && !signal.aborted) plan(question, 0);
    },
  };
}

async function nodeFact(
  reader: JobReader,
  name: string,
  signal: AbortSignal,
): Promise<Seen | "no answer"> {
  if (reader.readNode === undefined) return { kind: "node", node: "unreadable" };
  try {
    const node = await reader.readNode(name, signal);
    return { kind: "node", node: node ?? { name, ready: "gone" } };
  } catch (error) {
    const isDenied = JobWatchError.isInstance(error) && error.code === "JOB_WATCH_DENIED";
    return isDenied ? { kind: "node", node: "unreadable" } : "no answer";
  }
}

async function eventFact(
  reader: JobReader,
  subject: { readonly kind: "Job" | "Pod"; readonly name?: string; readonly uid?: string },
  {
    job,
    now,
    level,
    signal,
  }: { job: JobRef; now: () => number; level: JobLevel | undefined; signal: AbortSignal },
): Promise<Seen | "no answer" | "denied" | undefined> {
  const { namespace } = job;
  const about: EventSubject =
    subject.kind === "Job"
      ? { kind: "Job", namespace, name: job.name, ...present({ uid: job.uid }) }
      : { kind: "Pod", namespace, name: subject.name ?? "", ...present({ uid: subject.uid }) };
  let events: readonly EventSnapshot[] | undefined;
  try {
    events = await reader.readEvents?.(about, signal);
  } catch (error) {
    const isDenied = JobWatchError.isInstance(error) && error.code === "JOB_WATCH_DENIED";
    return isDenied ? "denied" : "no answer";
  }
  if (events === undefined) return undefined;
  if (subject.kind === "Job") {
    const warning = events.findLast(({ reason }) => reason === "FailedCreate");
    return warning && { kind: "warning", warning };
  }
  if (level?.pod === undefined) return undefined;
  const scaleUp = scaleUpOf(events);
  const last: JobWarning | undefined = events.at(-1);
  const told = present({ latest: last, scaleUp });
  return { kind: "news", news: { pod: podKey(level.pod), ...told, readAt: now() } };
}

/** Words of the cluster autoscaler and of Karpenter. */
const scaleUpReasons = new Set(["TriggeredScaleUp", "Nominated"]);

function scaleUpOf(events: readonly EventSnapshot[]): string | undefined {
  const last = events.findLast(
    ({ reason }) => scaleUpReasons.has(reason) || reason === "NotTriggerScaleUp",
  );
  return last !== undefined && scaleUpReasons.has(last.reason) ? last.message : undefined;
}
