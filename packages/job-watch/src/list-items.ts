import { JobWatchError } from "./errors.ts";

/**
 * The objects of a list. An answer that names none is not taken for an empty list: what is missing from
 * a list counts as gone.
 * @throws JobWatchError `JOB_WATCH_BLIND`
 */
export function listItems<T>(
  list: { readonly items?: readonly T[] | null } | null | undefined,
  request: string,
): readonly T[] {
  // `null` is how Go writes an empty list.
  if (list != null && list.items !== undefined) return list.items ?? [];
  throw new JobWatchError("JOB_WATCH_BLIND", `${request}: the answer holds no items`);
}
