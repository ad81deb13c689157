/** The last piece of work of each key that has not ended. Empty when nothing is under way. */
const tails = new Map<string, Promise<void>>();

/**
 * Runs `work` after every earlier work of the same key in this process has ended, well or not. Other keys
 * do not wait. A key whose work has ended is forgotten. There is no time-out: bound the work itself.
 *
 * This orders the runs of one process; between processes the API server decides, by the Job's name.
 */
export async function exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
  const mine = (tails.get(key) ?? Promise.resolve()).then(work);
  const ended = mine.then(nothing, nothing); // How it ended is told to its own caller, below.
  tails.set(key, ended);
  try {
    return await mine;
  } finally {
    if (tails.get(key) === ended) tails.delete(key);
  }
}

function nothing(): void {}
