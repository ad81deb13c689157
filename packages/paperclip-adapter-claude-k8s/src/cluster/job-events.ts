import type { KubeHttp } from "@claude-k8s/kube-http";
import type { SeenEvent } from "../run/history.ts";
import { fieldsOf } from "../untyped.ts";

/** Objects whose events are asked for; each costs a request. */
export interface EventSubjects {
  readonly namespace: string;
  readonly names: readonly string[];
}

/** Of one object; a pod that fails for an hour has one event with a count, not many. */
const mostPerObject = 50;

/**
 * Reads what Kubernetes noted about these objects, the latest last. They outlive their objects by an hour.
 *
 * @throws KubeHttpError without the right to list events, or when the cluster does not answer
 */
export async function jobEvents(
  http: KubeHttp,
  { namespace, names }: EventSubjects,
  signal: AbortSignal,
): Promise<SeenEvent[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/events`;
  const answers = await Promise.all(
    names.map((name) =>
      http.request<{ items?: unknown }>({
        method: "GET",
        path,
        query: { fieldSelector: `involvedObject.name=${name}`, limit: mostPerObject },
        signal,
      }),
    ),
  );
  return answers
    .flatMap((answer) =>
      answer.kind === "ok" && Array.isArray(answer.body.items) ? answer.body.items : [],
    )
    .map((item) => seenEvent(fieldsOf(item)))
    .toSorted((a, b) => Date.parse(a.at ?? "") - Date.parse(b.at ?? "") || 0);
}

function seenEvent(event: Readonly<Record<string, unknown>>): SeenEvent {
  const about = fieldsOf(event["involvedObject"]);
  const { lastTimestamp, eventTime } = event;
  // Components write one time or the other.
  const at =
    text(lastTimestamp) ||
    text(eventTime) ||
    text(fieldsOf(event["metadata"])["creationTimestamp"]);
  return {
    object: `${text(about["kind"])}/${text(about["name"])}`,
    reason: text(event["reason"]),
    message: text(event["message"]),
    ...(at === "" ? {} : { at }),
  };
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
