/**
 * A copy that does not keep its origin alive: engines make a slice point into the whole string,
 * so that twenty kept characters could hold sixteen megabytes.
 */
export function detach(slice: string): string {
  return ` ${slice}`.slice(1);
}

/** At most so many characters. What is remembered of hostile data must have a bound in length, not only in number. */
export function clip(text: string, limit: number = 200): string {
  return text.length > limit ? detach(text.slice(0, limit)) : text;
}
