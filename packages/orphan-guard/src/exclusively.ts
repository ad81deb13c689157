/** Work of each key that has not ended: the last piece, and how many. Empty when nothing is under way. */
const lines = new Map<string, { readonly tail: Promise<void>; readonly length: number }>();

/**
 * Runs `work` after every earlier work of the same key in this process has ended, well or not. Other keys
 * do not wait. A key whose work has ended is forgotten. There is no time-out: bound the work itself.
 *
 * This orders the runs of one process; between processes the API server decides, by the Job's name.
 * @param onWait told at once how many are before it, when there are any
 */
export async function exclusively<T>(
  key: string,
  work: () => Promise<T>,
  onWait?: (ahead: number) => void,
): Promise<T> {
  const line = lines.get(key);
  if (line !== undefined) onWait?.(line.length);
  const mine = (line?.tail ?? Promise.resolve()).then(work);
  const ended = mine.then(nothing, nothing); // How it ended is told to its own caller, below.
  lines.set(key, { tail: ended, length: (line?.length ?? 0) + 1 });
  try {
    return await mine;
  } finally {
    const now = lines.get(key);
    if (now?.tail === ended) lines.delete(key);
    else if (now !== undefined) lines.set(key, { ...now, length: now.length - 1 });
  }
}

function nothing(): void {}
