import type { RequestRecord } from "./types.ts";

/**
 * Which requests a fault meets. What a field leaves out matches everything; in a text `*` stands for
 * any characters.
 */
export interface FaultPattern {
  /** Kubernetes' word: get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb?: string;
  /** The resource's word in the path: pods, jobs … */
  readonly resource?: string;
  /** `log`, `status` …; `""` for requests without one. */
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly userAgent?: string;
  /** Parameters that must be there, such as `{ follow: "true" }`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Only the nth request that matches all the rest, counted from 1 since the rule was added. */
  readonly nth?: number;
}

/**
 * A place in an answer's body: after so many bytes (default 0: before the first), or, with `at`, the
 * next such place from there on: `character` is inside a UTF-8 character of several bytes, `line`
 * the beginning of a line. A body that has no such place any more goes by unharmed.
 */
export interface FaultPlace {
  readonly afterBytes?: number;
  /** Default `byte`. */
  readonly at?: "byte" | "character" | "line";
}

/**
 * How an answer breaks off: `clean` ends the body as if it were whole, `close` closes the
 * connection in its middle (FIN), `reset` resets it (RST; bytes on their way may be lost with it).
 */
export type CutHow = "clean" | "close" | "reset";

/** What happens to a request or its answer. Plain JSON. The table in the README says what each stands for. */
export type Fault =
  /** Answered with this status instead of being executed. `body` instead of a Status, e.g. a proxy's page. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfterSeconds?: number;
      readonly body?: string;
      /** Default `text/html` with a body, `application/json` without. */
      readonly contentType?: string;
    }
  /** The connection closes before an answer; the request is not executed. */
  | { readonly kind: "refuse" }
  /** The request is executed, and the connection closes without an answer. */
  | { readonly kind: "lose-reply" }
  /** Waits, before the request is executed (default) or between that and its answer. */
  | { readonly kind: "delay"; readonly ms: number; readonly of?: "request" | "answer" }
  | ({ readonly kind: "cut"; readonly how: CutHow } & FaultPlace)
  /** Bytes stop, the socket stays open. After `forMs` (default: never) it goes on, or breaks off. */
  | ({
      readonly kind: "stall";
      readonly forMs?: number;
      /** Default `continue`. */
      readonly next?: "continue" | CutHow;
    } & FaultPlace)
  /**
   * Bytes that do not belong there. `end` (default `continue`) says that nothing of the answer follows;
   * `protocol` puts them outside HTTP's framing, which ends the connection.
   */
  | ({
      readonly kind: "garbage";
      readonly bytes: string;
      readonly next?: "continue" | "end";
      readonly protocol?: boolean;
    } & FaultPlace)
  /** `request`: executed twice, the second answer sent. `event`: a watch event from that place on is sent twice. */
  | ({ readonly kind: "duplicate"; readonly what: "request" | "event" } & Pick<
      FaultPlace,
      "afterBytes"
    >);

/** One line of a fault plan. Plain JSON: a plan that showed a mistake can be kept and run again. */
export interface FaultRule {
  readonly on: FaultPattern;
  readonly do: Fault;
  /** How many requests it meets at most. Default: all that match, until it is disposed. */
  readonly times?: number;
  /** Meets a matching request with this probability. Default 1. */
  readonly probability?: number;
  /** Decides, with the request's number among the matching ones, what `probability` leaves open. Default 1. */
  readonly seed?: number;
}

/** A fault that happened. */
export interface InjectedFault {
  readonly rule: FaultRule;
  readonly request: RequestRecord;
  /** Where in the answer's body, for faults of the body. */
  readonly afterBytes?: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** The emulator's fault plan. */
export interface Faults {
  /**
   * Adds rules until the result is disposed. A request meets the first rule that applies to it, in the
   * order they were added; every rule counts all requests that match its pattern.
   *
   * Throws EmulatorError `EMULATOR_OPTION_INVALID` for a rule that cannot be.
   */
  add(rules: FaultRule | readonly FaultRule[]): Disposable;
  /** What happened, in order; the latest 10,000. */
  readonly injected: readonly InjectedFault[];
}
