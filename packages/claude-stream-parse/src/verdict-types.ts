export type VerdictKind =
  | "success"
  | "success_local"
  | "empty"
  | "truncated"
  | "interrupted"
  | "max_turns"
  | "max_budget"
  | "max_output_tokens"
  | "schema"
  | "refusal"
  | "hook_blocked"
  | "hook_stopped"
  | "prompt_too_long"
  | "unknown_session"
  | "startup"
  | "not_a_stream"
  | "auth"
  | "billing"
  | "usage_limit"
  | "rate_limit"
  | "overloaded"
  | "server_error"
  | "network"
  | "invalid_request"
  | "model_not_found";

/** `later`: the same again may work; `fresh`: in a new session; `fix`: someone must change something first. */
export type Retry = "no" | "later" | "fresh" | "fix";

/** How the process ended; leave out what is not known. */
export type ProcessEnd = {
  readonly exitCode?: number | null | undefined;
  readonly signal?: string | null | undefined;
  readonly stderr?: string | undefined;
};

export type Verdict = {
  readonly kind: VerdictKind;
  /** The final text may be taken as the answer. */
  readonly ok: boolean;
  readonly retry: Retry;
  /** One sentence for a person, with what Claude or the CLI said; never raw JSON. */
  readonly message: string;
  /** Seconds since 1970: when the limit ends, where that was said. */
  readonly resetsAt?: number;
  /** What decided, most telling first: `result.subtype=error_max_turns`. */
  readonly evidence: readonly string[];
};
