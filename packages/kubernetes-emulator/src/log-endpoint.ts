import type { ApiRequest } from "./api-request.ts";
import type { Pod } from "./kube-object.ts";
import type { ContainerLog } from "./container-log.ts";
import { parseLogQuery } from "./log-query.ts";
import { openLog, type LogQuery } from "./log-read.ts";
import { troubleText } from "./log-trouble-text.ts";
import type { LogTrouble } from "./node-types.ts";
import { findResource } from "./resources.ts";
import type { Answer, ServerParts } from "./server-parts.ts";
import { badRequest, notFound, StatusError } from "./status-error.ts";

const podResource = findResource("", "v1", "pods");

/**
 * `GET …/pods/NAME/log`, through the API server to the kubelet. A pod without node answers 204, a
 * waiting container 400, a kubelet that is away 500, one that has just come back 404.
 */
export function podLog(parts: ServerParts, request: ApiRequest): Answer {
  const { name = "", namespace, query } = request;
  const pod = parts.store.pods.get(namespace, name);
  if (podResource === undefined || pod === undefined) throw missing(name);
  const logQuery = parseLogQuery(request, parts.logs.clock.now());
  const container = chooseContainer(pod, query.get("container") ?? undefined);
  if (pod.spec.nodeName === undefined) return { kind: "empty", status: 204 };
  const log = containerLog(parts, pod, { container, previous: query.get("previous") === "true" });
  const trouble = (): LogTrouble | undefined => parts.logs.troubles.of(pod, container);
  const text = troubleText(trouble(), pod, parts.kubelet.container(pod, container));
  const pieces =
    text === undefined
      ? (signal: AbortSignal) => readLimited(parts, { log, query: logQuery, trouble, signal })
      : () => said(text);
  return { kind: "stream", contentType: "text/plain", pieces, log: true };
}

interface Wanted {
  readonly log: ContainerLog;
  readonly query: LogQuery;
  readonly trouble: () => LogTrouble | undefined;
  readonly signal: AbortSignal;
}

/** The kubelet's HTTP server ends every answer after its write time-out. */
function readLimited(
  { clock, logs }: ServerParts,
  { log, query, trouble, signal }: Wanted,
): AsyncIterable<Uint8Array | string> {
  const over = new AbortController();
  const cancel = clock.after(logs.followLimitMs, () => over.abort());
  signal.addEventListener("abort", cancel, { once: true });
  const either = AbortSignal.any([signal, over.signal]);
  return openLog(log, query, { ...logs, trouble, signal: either });
}

async function* said(text: string): AsyncGenerator<string> {
  yield text;
}

function missing(name: string): StatusError {
  if (podResource === undefined) throw new Error("pods are not served");
  return notFound(podResource, name);
}

function containerLog(
  parts: ServerParts,
  pod: Pod,
  wanted: { readonly container: string; readonly previous: boolean },
): ContainerLog {
  const { name } = pod.metadata;
  if (parts.gate.state === "down") {
    const url = `https://127.0.0.1:10250/containerLogs/${pod.metadata.namespace ?? ""}/${name}/${wanted.container}`;
    throw new StatusError(
      500,
      "InternalError",
      `Get "${url}": dial tcp 127.0.0.1:10250: connect: connection refused`,
    );
  }
  if (parts.gate.state === "unknown") {
    const text = `the server could not find the requested resource ( pods/log ${name})`;
    throw new StatusError(404, "NotFound", text, { name, kind: "pods/log" });
  }
  const record = parts.kubelet.container(pod, wanted.container);
  if (wanted.previous) {
    if (record?.previousLog !== undefined) return record.previousLog;
    throw badRequest(
      `previous terminated container "${wanted.container}" in pod "${name}" not found`,
    );
  }
  if (record?.log !== undefined) return record.log;
  const reason = record?.state.waiting?.reason ?? "ContainerCreating";
  const why = waitingWords[reason] ?? reason;
  throw badRequest(`container "${wanted.container}" in pod "${name}" is waiting to start: ${why}`);
}

/** The kubelet's own words for pull problems; for the rest it gives the reason. */
const waitingWords: Readonly<Record<string, string>> = {
  ErrImagePull: "image can't be pulled",
  ImagePullBackOff: "trying and failing to pull image",
};

function chooseContainer(pod: Pod, asked: string | undefined): string {
  const main = pod.spec.containers.map((one) => one.name);
  const init = (pod.spec.initContainers ?? []).map((one) => one.name);
  const { name } = pod.metadata;
  if (asked === undefined) {
    const [only, ...others] = main;
    if (only !== undefined && others.length === 0) return only;
    const choice = `choose one of: [${main.join(" ")}]`;
    const also = init.length === 0 ? "" : ` or one of the init containers: [${init.join(" ")}]`;
    throw badRequest(`a container name must be specified for pod ${name}, ${choice}${also}`);
  }
  if ([...main, ...init].includes(asked)) return asked;
  throw badRequest(`container ${asked} is not valid for pod ${name}`);
}
