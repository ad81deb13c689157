import { JobWatchError } from "./errors.ts";

/** The HTTP status in an error of any client-node major, or `undefined`. */
export function statusOf(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each member is looked at before use
  const { code, statusCode, status, response } = error as Partial<{
    code: unknown;
    statusCode: unknown;
    status: unknown;
    response: { statusCode?: unknown; status?: unknown };
  }>;
  const found = [code, statusCode, status, response?.statusCode, response?.status].find(
    (one) => typeof one === "number",
  );
  if (typeof found === "number") return found;
  const said = /HTTP-Code: (\d{3})/.exec(error.message)?.[1];
  return said === undefined ? undefined : Number(said);
}

/**
 * An error of a client in our words: a missing right, a cluster that cannot be asked now, or,
 * unchanged, anything that asking again would not cure.
 */
export function fault(error: unknown, request: string): unknown {
  const status = statusOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const options = { cause: error };
  if (status === 403)
    return new JobWatchError(
      "JOB_WATCH_DENIED",
      `${request}: the right to it is missing (403): ${message}`,
      options,
    );
  if (status === 401 || status === 408 || status === 429 || (status !== undefined && status >= 500))
    return new JobWatchError("JOB_WATCH_BLIND", `${request}: answered ${status}`, options);
  if (status === undefined && networkCode(error) !== undefined)
    return new JobWatchError(
      "JOB_WATCH_BLIND",
      `${request}: ${message} (${networkCode(error)})`,
      options,
    );
  return error;
}

/** `ECONNREFUSED` and the like; fetch hides it in the cause. */
function networkCode(error: unknown): string | undefined {
  for (let one = error, depth = 0; one instanceof Error && depth < 4; one = one.cause, depth++)
    if ("code" in one && typeof one.code === "string" && /^(E[A-Z]+|UND_ERR_\w+)$/.test(one.code))
      return one.code;
  return undefined;
}
