import type { Clock } from "./clock.ts";

/** One request's turn, from when it may be sent until its answer was read or it failed. */
interface Turn {
  /** Lets the next one go. `isAnswered`: the server said something, whatever it was. */
  end(isAnswered: boolean): void;
}

interface TurnRequest {
  /** Goes before those that are not. */
  readonly urgent: boolean;
  readonly signal: AbortSignal;
  /** What it fails with when the server answers none of those before it. */
  readonly late: () => Error;
}

/** Resolves when the request may be sent. */
export type TakeTurn = (request: TurnRequest) => Promise<Turn>;

interface Waiting {
  readonly go: (turn: Turn) => void;
  readonly giveUp: () => void;
}

/**
 * Lets requests take turns, `atOnce` at a time, in order of arrival.
 *
 * Waiting for a turn says nothing about the server, so it has no limit while those before are answered. It
 * ends when none was for `silentMs`. As that is the longest that a turn takes, all that were under way have
 * failed by then, and those behind them need not find out one after the other.
 */
export function takeTurns(
  atOnce: number,
  { clock, silentMs }: { readonly clock: Clock; readonly silentMs: number },
): TakeTurn {
  const urgentOnes = new Set<Waiting>();
  const others = new Set<Waiting>();
  let underWay = 0;
  let disarm: (() => void) | undefined;

  const isAnyWaiting = (): boolean => urgentOnes.size + others.size > 0;
  const listen = (): void => {
    disarm?.();
    disarm = isAnyWaiting() ? clock.after(silentMs, giveUp) : undefined;
  };
  const giveUp = (): void => {
    for (const one of [...urgentOnes, ...others]) one.giveUp();
  };
  const begin = (): Turn => {
    underWay += 1;
    let isOver = false;
    return {
      end(isAnswered) {
        if (isOver) return;
        isOver = true;
        underWay -= 1;
        const [next] = urgentOnes.size > 0 ? urgentOnes : others;
        next?.go(begin());
        if (isAnswered) listen();
      },
    };
  };
  const wait = ({ urgent, signal, late }: TurnRequest): Promise<Turn> =>
    new Promise((resolve, reject) => {
      const line = urgent ? urgentOnes : others;
      const leave = (): void => {
        signal.removeEventListener("abort", onAbort);
        line.delete(entry);
        if (!isAnyWaiting()) listen();
      };
      const entry: Waiting = {
        go: (turn) => {
          leave();
          resolve(turn);
        },
        giveUp: () => {
          leave();
          reject(late());
        },
      };
      const onAbort = (): void => {
        leave();
        reject(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      line.add(entry);
      if (disarm === undefined) listen();
    });

  return async (request) => {
    request.signal.throwIfAborted();
    return underWay < atOnce ? begin() : wait(request);
  };
}
