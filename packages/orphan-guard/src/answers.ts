/**
 * Reads the HTTP status from the errors of any client: client-node 1.x and 2.x (`code`), 0.x
 * (`statusCode`, `response.statusCode`), `fetch`-like ones (`response.status`), kube-http (`status`), and
 * texts such as `HTTP-Code: 404`. Undefined: there was no answer, or nobody says.
 */
export function statusOf(error: unknown): number | undefined {
  const { code, status, statusCode, response, message } = fields(error);
  const answer = fields(response);
  const stated = [code, status, statusCode, answer["status"], answer["statusCode"]];
  const found = stated.find((value) => typeof value === "number" && value >= 100 && value < 600);
  if (typeof found === "number") return found;
  const inText = /HTTP-Code:\s*(\d{3})/u.exec(typeof message === "string" ? message : "")?.[1];
  return inText === undefined ? undefined : Number(inText);
}

/** 401 or 403: asking again changes nothing. */
export function isDenied(error: unknown): boolean {
  const status = statusOf(error);
  return status === 401 || status === 403;
}

/**
 * Whether a write that failed so may have been carried out all the same: the connection broke, or the
 * server said 5xx. An error with neither a status nor a network code says nothing of the kind.
 */
export function mayHaveHappened(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return status >= 500 || status === 408;
  return networkCode(error) || networkCode(fields(error)["cause"]);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function networkCode(error: unknown): boolean {
  const { code } = fields(error);
  return typeof code === "string" && /^(?:E[A-Z_]+|UND_ERR_\w+|KUBE_UNREACHABLE)$/u.test(code);
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
