import { messageOf, mustBeMended } from "./faults.ts";
import type { ErrorCode } from "./error-codes.ts";
import type { Stage } from "./model.ts";
import { incomplete, interrupted, notStarted, type Outcome } from "./outcome.ts";

/** Codes of the stages at which nothing runs yet. */
const codes: Readonly<Record<Exclude<Stage, "follow" | "settings">, ErrorCode>> = {
  guard: "k8s_concurrency_guard_unreachable",
  build: "k8s_job_build_failed",
  create: "k8s_job_create_failed",
};

/** What went wrong that no healthy cluster does to a correct caller. */
export function fault(stage: Stage, error: unknown, left: readonly string[] = []): Outcome {
  const outcome = outcomeOf(stage, error);
  if (left.length === 0) return outcome;
  // Whether what is left behind has run is not known.
  const { recovery: _, errorMessage, ...rest } = outcome;
  return {
    ...rest,
    errorMessage: `${errorMessage}; left behind: ${left.join(", ")}`,
    ...(outcome.incomplete === undefined ? { recovery: "continue" } : {}),
  };
}

function outcomeOf(stage: Stage, error: unknown): Outcome {
  const message = messageOf(error);
  if (mustBeMended(error)) {
    // Only before the program started may the host simply run again once it was mended.
    const { recovery: _, ...started } = incomplete(message);
    return stage === "follow" ? started : incomplete(message);
  }
  switch (stage) {
    case "settings":
      return incomplete(message);
    case "guard":
      return notStarted(codes.guard, `Cannot tell whether a run is going on: ${message}`);
    case "build":
      return notStarted(codes.build, message);
    case "create":
      return notStarted(codes.create, message);
    case "follow":
      return interrupted(
        "k8s_job_state_unknown",
        `The Job could not be followed to its end: ${message}`,
      );
    default:
      return stage satisfies never;
  }
}
