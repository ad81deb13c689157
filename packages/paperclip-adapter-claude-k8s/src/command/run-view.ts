import { describeEnd } from "@claude-k8s/job-watch";
import { annotations, isUnfinished, isUnmarked, isUnread } from "@claude-k8s/orphan-guard";
import { earlierAgentName, isOfEarlierAdapter } from "../cluster/earlier-adapter.ts";
import { ownAnnotations, ownLabels } from "../cluster/marks.ts";
import { parsePosition } from "../run/position.ts";
import { endWord } from "./end-word.ts";
import { type FoundRun, idOf } from "./find-runs.ts";
import { ageText } from "./printable.ts";
import type { SupervisorView } from "./supervision.ts";

/** What is told of a run: the shape of `list --json`. */
export interface RunView {
  readonly namespace: string;
  readonly job: string;
  readonly run?: string;
  readonly agent: { readonly id?: string; readonly name?: string };
  readonly task?: string;
  readonly session?: string;
  /** job-watch's word; `ended` when the end is proved, or the Job's condition says so. */
  readonly phase: "queued" | "scheduling" | "pulling" | "starting" | "running" | "ending" | "ended";
  /** Of a run that ended: in a word or two, and in a sentence. */
  readonly end?: { readonly word: string; readonly text: string };
  /** The scheduler's or kubelet's words. */
  readonly detail?: string;
  readonly pod?: { readonly name: string; readonly node?: string };
  readonly supervisor: SupervisorView;
  /** RFC 3339. */
  readonly createdAt?: string;
  /** How far a server's copy of the output goes: RFC 3339 of its last line. Told when a server let go of it. */
  readonly cursor?: string;
  readonly notes: readonly string[];
}

/** Pure. */
export function runView(run: FoundRun, supervisor: SupervisorView): RunView {
  const { job, standing } = run;
  const end = endOf(run);
  const agent = {
    id: job.annotations[annotations.agentId] ?? job.labels[ownLabels.agentId],
    name: job.annotations[ownAnnotations.agentName] ?? earlierAgentName(job),
  };
  const cursor = job.annotations[ownAnnotations.logPosition];
  return {
    namespace: job.namespace,
    job: job.name,
    ...kept({ run: idOf(run, "runId") }),
    agent: kept(agent),
    ...kept({ task: idOf(run, "taskId"), session: idOf(run, "sessionId") }),
    phase: end === undefined ? standing.phase : "ended",
    ...kept({ end, detail: standing.detail }),
    ...(standing.pod === undefined
      ? {}
      : { pod: { name: standing.pod.name, ...kept({ node: standing.pod.node }) } }),
    supervisor,
    ...kept({
      createdAt: job.creationTimestamp,
      cursor: cursor === undefined ? undefined : (parsePosition(cursor)?.time ?? "kept"),
    }),
    notes: notesOf(run),
  };
}

function endOf({ job, standing }: FoundRun): RunView["end"] {
  if (standing.end !== undefined)
    return { word: endWord(standing.end), text: describeEnd(standing.end) };
  // Its pod has gone, and with it how the program exited: the condition is all there is.
  if (job.ended === undefined) return undefined;
  const type = job.ended === "complete" ? "Complete" : "Failed";
  return { word: job.ended, text: `the Job's condition is ${type}` };
}

/** What an operator may want to do something about. */
function notesOf({ job }: FoundRun): string[] {
  const { cancelRequested, collectedAt } = annotations;
  return [
    isOfEarlierAdapter(job) && "of an earlier adapter",
    job.deletionTimestamp !== undefined && "being deleted",
    job.deletionTimestamp === undefined &&
      job.annotations[cancelRequested] !== undefined &&
      "a stop was asked for",
    isUnfinished(job) && "never let go",
    // Whoever left no marks left no word on this either.
    isUnread(job) && (isUnmarked(job) ? "result perhaps not read" : "result not read"),
    job.ended !== undefined && job.annotations[collectedAt] !== undefined && "kept, result read",
  ].filter((note) => typeof note === "string");
}

const header = [
  "NAMESPACE",
  "RUN",
  "AGENT",
  "TASK",
  "PHASE",
  "SUPERVISED BY",
  "AGE",
  "CURSOR",
  "JOB",
  "POD",
  "NODE",
  "NOTES",
] as const;

/** The table of `list`: header and rows. Pure; `now` in ms since the epoch. */
export function runRows(
  views: readonly RunView[],
  { wide, everywhere, now }: { wide: boolean; everywhere: boolean; now: number },
): { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] } {
  const shorten = (id: string | undefined, all: readonly (string | undefined)[]): string =>
    wide || id === undefined ? (id ?? "") : shortId(id, all);
  const ids = views.map(({ run }) => run);
  const since = (time: string | undefined): string => {
    const at = Date.parse(time ?? "");
    return Number.isNaN(at) ? "" : ageText(now - at);
  };
  const rows = views.map((view) => [
    everywhere ? view.namespace : "",
    // Jobs that name no run are known by their own name.
    shorten(view.run, ids) || view.job,
    view.agent.name ?? view.agent.id ?? "",
    shorten(view.task, []),
    view.end?.word ?? view.phase,
    supervisorText(view.supervisor, since),
    since(view.createdAt),
    view.cursor === undefined || view.cursor === "kept"
      ? (view.cursor ?? "")
      : `${since(view.cursor)} ago`,
    wide ? view.job : "",
    wide ? (view.pod?.name ?? "") : "",
    wide ? (view.pod?.node ?? "") : "",
    [...view.notes, ...(view.detail === undefined ? [] : [view.detail])].join("; "),
  ]);
  return { header, rows };
}

function supervisorText(
  { state, identity, renewedAt }: SupervisorView,
  since: (time: string | undefined) => string,
): string {
  if (identity === undefined) return "none";
  const name = shortId(identity, []);
  if (state === "none") return `none (${name} is gone)`;
  if (state === "live") return `live ${name}`;
  const renewed = renewedAt === undefined ? "" : `, renewed ${since(renewedAt)} ago`;
  return state === "stale" ? `stale ${name}${renewed}` : `${name}?${renewed}`;
}

const shortest = 8;

/** The beginning of a UUID, as long as it takes to tell it from the others. */
function shortId(id: string, all: readonly (string | undefined)[]): string {
  if (!/^[0-9a-f]{8}-[0-9a-f-]{27}$/iu.test(id)) return id;
  const others = all.filter((one) => one !== undefined && one !== id);
  let length = shortest;
  while (others.some((other) => other?.startsWith(id.slice(0, length)))) length += 1;
  return id.slice(0, length);
}

function kept<T extends Readonly<Record<string, unknown>>>(
  members: T,
): { [K in keyof T]?: NonNullable<T[K]> } {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entries lose their keys' types
  return Object.fromEntries(present) as { [K in keyof T]?: NonNullable<T[K]> };
}
