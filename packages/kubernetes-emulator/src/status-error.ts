import { qualified, type Resource } from "./resources.ts";

/** The body of every refusal, as `metav1.Status`. */
export interface StatusBody {
  readonly kind: "Status";
  readonly apiVersion: "v1";
  readonly metadata: object;
  readonly status: "Failure" | "Success";
  readonly message?: string;
  readonly reason?: string;
  readonly details?: object;
  readonly code: number;
}

/** One broken field of an object. */
export interface FieldCause {
  /** A reason word of Kubernetes: FieldValueRequired, FieldValueInvalid … */
  readonly reason: string;
  readonly field: string;
  readonly message: string;
}

/** Thrown inside the request path; its body is the answer. */
export class StatusError extends Error {
  override readonly name = "StatusError";
  readonly body: StatusBody;

  constructor(code: number, reason: string, message: string, details?: object) {
    super(message);
    this.body = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === "" ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

export function notFound(resource: Resource, name: string): StatusError {
  return new StatusError(
    404,
    "NotFound",
    `${qualified(resource)} "${name}" not found`,
    about(resource, name),
  );
}

export function alreadyExists(resource: Resource, name: string, deleting: boolean): StatusError {
  const before = deleting ? "object is being deleted: " : "";
  const message = `${before}${qualified(resource)} "${name}" already exists`;
  return new StatusError(409, "AlreadyExists", message, about(resource, name));
}

/** The 409 of a stale resourceVersion or a failed precondition. */
export function conflict(resource: Resource, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return new StatusError(409, "Conflict", message, about(resource, name));
}

export const staleVersion: string =
  "the object has been modified; please apply your changes to the latest version and try again";

export function badRequest(message: string): StatusError {
  return new StatusError(400, "BadRequest", message);
}

/** The 422 of a broken object, every field with its cause. */
export function invalid(
  resource: Resource,
  name: string,
  causes: readonly FieldCause[],
): StatusError {
  // One broken value may be found by two rules; it is told once.
  const lines = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const list = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  const group = resource.group === "" ? resource.kind : `${resource.kind}.${resource.group}`;
  return new StatusError(422, "Invalid", `${group} "${name}" is invalid: ${list}`, {
    ...(name === "" ? {} : { name }),
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.kind,
    causes: causes.map(({ reason, message, field }) => ({ reason, message, field })),
  });
}

/** The 409 of a DELETE whose preconditions do not hold. */
export function preconditionFailed(resource: Resource, name: string, why: string): StatusError {
  const { group, kind } = resource;
  const qualifiedKind = group === "" ? kind : `${kind}.${group}`;
  const message = `Operation cannot be fulfilled on ${qualifiedKind} "${name}": ${why}`;
  return new StatusError(409, "Conflict", message, {
    name,
    ...(group === "" ? {} : { group }),
    kind,
  });
}

export function expired(asked: number, oldest: number): StatusError {
  return new StatusError(410, "Expired", `too old resource version: ${asked} (${oldest})`);
}

function about(resource: Resource, name: string): object {
  return {
    name,
    ...(resource.group === "" ? {} : { group: resource.group }),
    kind: resource.plural,
  };
}
