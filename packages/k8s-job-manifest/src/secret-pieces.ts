/**
 * The API server refuses a Secret whose values together exceed 1 MiB. A little less leaves room for what
 * else is in the object and in the request.
 */
export const pieceBytes = 1_000_000;

/** One value of a Secret. Long ones may be cut only when `cut` names the pieces. */
export type Entry = {
  readonly key: string;
  readonly content: Uint8Array;
  readonly cut?: (index: number) => string;
};

/** Values by key, for one Secret each. */
export type Pieces = ReadonlyMap<string, Uint8Array>[];

/**
 * Distributes entries over as few Secrets as their order allows. An entry that may be cut fills one up
 * before it goes on in the next; one that may not goes into the next when it does not fit.
 */
export function pieces(entries: readonly Entry[], limit: number = pieceBytes): Pieces {
  const secrets: Map<string, Uint8Array>[] = [new Map()];
  let free = limit;
  const put = (key: string, content: Uint8Array) => {
    secrets.at(-1)?.set(key, content);
    free -= content.length;
  };
  const next = () => {
    secrets.push(new Map());
    free = limit;
  };

  for (const { key, content, cut } of entries) {
    if (content.length <= free || cut === undefined) {
      if (content.length > free) next();
      put(key, content);
      continue;
    }
    for (let start = 0, index = 0; start < content.length; index += 1) {
      if (free === 0) next();
      const piece = content.subarray(start, start + free);
      put(cut(index), piece);
      start += piece.length;
    }
  }
  return secrets;
}
