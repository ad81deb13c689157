/** Settings of an agent whose `claude` is the replay. */
export interface Replay {
  /** A recording's name, or a made-up scenario such as `exit:3`. */
  readonly scenario: string;
  /** Times the recorded speed; `Infinity` leaves the waits out. */
  readonly speed: number;
}

export function replayConfig({ scenario, speed }: Replay): {
  readonly env: Readonly<Record<string, string>>;
} {
  return {
    env: {
      CLAUDE_REPLAY: scenario,
      CLAUDE_REPLAY_SPEED: Number.isFinite(speed) ? String(speed) : "0",
    },
  };
}
