import type { ApiRequest } from "./api-request.ts";
import type { Pod } from "./kube-object.ts";
import type { ContainerLog } from "./log-records.ts";
import { readLog, type LogQuery } from "./log-read.ts";
import { findResource } from "./resources.ts";
import type { Answer, ServerParts } from "./server-parts.ts";
import { badRequest, invalid, notFound, StatusError, type FieldCause } from "./status-error.ts";

const podResource = findResource("", "v1", "pods");

/**
 * `GET …/pods/NAME/log`, through the API server to the kubelet. A pod without node answers 204, a
 * waiting container 400, a kubelet that is away 500, one that has just come back 404.
 */
export function podLog(parts: ServerParts, request: ApiRequest): Answer {
  const { name = "", namespace, query } = request;
  const pod = parts.store.pods.get(namespace, name);
  if (podResource === undefined || pod === undefined) throw missing(name);
  const logQuery = parseLogQuery(request, parts.clock.now());
  const container = chooseContainer(pod, query.get("container") ?? undefined);
  if (pod.spec.nodeName === undefined) return { kind: "empty", status: 204 };
  const log = containerLog(parts, pod, { container, previous: query.get("previous") === "true" });
  return {
    kind: "stream",
    contentType: "text/plain",
    pieces: (signal) => readLog(log, logQuery, signal),
    log: true,
  };
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

function parseLogQuery({ query, name = "" }: ApiRequest, now: number): LogQuery {
  const causes: FieldCause[] = [];
  const amount = (key: string, least: number): number | undefined => {
    const text = query.get(key);
    if (text === null || text === "") return undefined;
    const value = Number(text);
    if (!Number.isInteger(value))
      throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
    if (value >= least) return value;
    const rule = least === 0 ? "must be greater than or equal to 0" : "must be greater than 0";
    causes.push({
      reason: "FieldValueInvalid",
      field: key,
      message: `Invalid value: ${value}: ${rule}`,
    });
    return undefined;
  };
  const tailLines = amount("tailLines", 0);
  const limitBytes = amount("limitBytes", 1);
  const sinceSeconds = amount("sinceSeconds", 1);
  const sinceTime = query.get("sinceTime");
  const from = sinceTime === null ? undefined : Date.parse(sinceTime);
  if (Number.isNaN(from))
    throw badRequest(
      `parsing time "${sinceTime ?? ""}" as "2006-01-02T15:04:05Z07:00": cannot parse "${sinceTime ?? ""}" as "2006"`,
    );
  if (from !== undefined && sinceSeconds !== undefined) {
    causes.push({
      reason: "FieldValueForbidden",
      field: "[]",
      message: "Forbidden: at most one of `sinceTime` or `sinceSeconds` may be specified",
    });
  }
  if (query.has("stream")) {
    causes.push({
      reason: "FieldValueForbidden",
      field: "stream",
      message: "Forbidden: may not be specified",
    });
  }
  if (causes.length > 0) {
    throw invalid({ ...logOptions, singular: "podlogoptions" }, name, causes);
  }
  // The API server hands the time on in whole seconds.
  const second = from ?? (sinceSeconds === undefined ? undefined : now - sinceSeconds * 1000);
  return {
    follow: query.get("follow") === "true",
    timestamps: query.get("timestamps") === "true",
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(second === undefined ? {} : { since: BigInt(Math.floor(second / 1000)) * 1_000_000_000n }),
  };
}

const logOptions = {
  group: "",
  version: "v1",
  plural: "podlogoptions",
  kind: "PodLogOptions",
  namespaced: true,
};
