import { exitOf } from "../run/exit-of.ts";
import type { RunEvidence } from "../run/model.ts";

/** How long one text may be, and how many there may be of a kind: the whole stays in the order of 20 kB. */
const textLength = 500;
const most = 30;

/**
 * What a person needs who asks why a run failed, when its Job is gone: how it ended and by what evidence,
 * conditions, events, what was in the way, and the last words that were no events. Plain JSON, bounded;
 * `redact` goes over every text.
 */
export function diagnostics(
  { end, job, pod, transcript, history }: RunEvidence,
  redact: (text: string) => string,
): Record<string, unknown> {
  const { problems, conditions, events, node, logReconnects } = history;
  const text = (value: string): string => cut(redact(value));
  const exit =
    end.kind === "ended" ? exitOf(end.end) : end.kind === "stopped" ? end.exit : undefined;
  const { evidence, kind } = transcript.verdict(exit?.code ?? null);
  const all = {
    ...(end.kind === "ended"
      ? {
          evidence: end.end.evidence
            .slice(0, most)
            .map(({ source, fact }) => `${source}: ${text(fact)}`),
        }
      : {}),
    ...(exit === undefined ? {} : { exit: texts(exit, text) }),
    ...(end.kind === "ended" && end.end.kind === "not-started" && end.end.init !== undefined
      ? { init: texts(end.end.init, text) }
      : {}),
    ...(node === undefined ? {} : { node }),
    conditions: conditions.slice(-most).map((condition) => texts(condition, text)),
    events: events.slice(-most).map((event) => texts(event, text)),
    problems: problems.slice(-most).map(text),
    claude: {
      verdict: kind,
      evidence: evidence.map(text),
      // Lines that are no events: what the CLI or its shell wrote to stderr.
      lastWords: transcript.summary.noise.last.map(text),
    },
    logReconnects,
    ...(job === undefined ? {} : { look: kubectl(job, pod) }),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => !isEmpty(value)));
}

/** What to ask the cluster next. */
function kubectl(
  { namespace, name }: NonNullable<RunEvidence["job"]>,
  pod: string | undefined,
): string[] {
  const at = `kubectl --namespace ${namespace}`;
  const object = pod ?? name;
  return [
    `${at} get events --field-selector involvedObject.name=${object}`,
    `${at} describe job/${name}`,
  ];
}

function texts(record: object, text: (value: string) => string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === "string" ? text(value) : value,
    ]),
  );
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function cut(text: string): string {
  return text.length <= textLength ? text : `${text.slice(0, textLength - 1)}…`;
}
