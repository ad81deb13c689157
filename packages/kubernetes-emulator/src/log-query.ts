import type { ApiRequest } from "./api-request.ts";
import { timeOf } from "./log-clock.ts";
import type { LogQuery } from "./log-read.ts";
import { badRequest, invalid, type FieldCause } from "./status-error.ts";

/**
 * The query of a log request. The API server hands `sinceTime` on in whole seconds; `sinceSeconds` is
 * counted back by the node's clock (`now`, in milliseconds), to the nanosecond.
 */
export function parseLogQuery({ query, name = "" }: ApiRequest, now: number): LogQuery {
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
  return {
    follow: query.get("follow") === "true",
    timestamps: query.get("timestamps") === "true",
    ...(tailLines === undefined ? {} : { tailLines }),
    ...(limitBytes === undefined ? {} : { limitBytes }),
    ...(from === undefined ? {} : { since: { seconds: Math.floor(from / 1000), nanos: 0 } }),
    ...(sinceSeconds === undefined ? {} : { since: timeOf(now - sinceSeconds * 1000) }),
  };
}

const logOptions = {
  group: "",
  version: "v1",
  plural: "podlogoptions",
  kind: "PodLogOptions",
  namespaced: true,
};
