import { present } from "./present.ts";

/** Of a DELETE, for its body: what is not known is not asked for. */
export function preconditionsOf({
  uid,
  resourceVersion,
}: {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}): { readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string } } {
  const preconditions = present({ uid, resourceVersion });
  return Object.keys(preconditions).length === 0 ? {} : { preconditions };
}
