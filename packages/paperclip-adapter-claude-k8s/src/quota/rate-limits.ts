import type { RateLimitEvent } from "@claude-k8s/claude-stream-parse";
import type { QuotaWindow } from "@paperclipai/adapter-utils";

/** What a run said last of one limit of the subscription. */
type SeenLimit = Pick<RateLimitEvent, "limit" | "status" | "resetsAt" | "utilization">;

/** The limits that this process's runs were told of, the latest word of each. */
export interface RateLimits {
  add(limits: readonly SeenLimit[]): void;
  /** Those that have not been reset since. `now`: milliseconds since 1970. */
  windows(now: number): QuotaWindow[];
}

/** More limits than this are not kept: the CLI knows a handful. */
const maxLimits = 32;

export function rateLimits(): RateLimits {
  const known = new Map<string, SeenLimit>();
  return {
    add(limits) {
      for (const limit of limits) {
        const name = limit.limit ?? "unknown";
        if (known.size < maxLimits || known.has(name)) known.set(name, limit);
      }
    },
    windows: (now) =>
      [...known.values()]
        .filter(({ resetsAt }) => resetsAt === undefined || resetsAt * 1_000 > now)
        .map(toWindow),
  };
}

function toWindow({ limit, status, resetsAt, utilization }: SeenLimit): QuotaWindow {
  return {
    label: labelOf(limit ?? "unknown"),
    usedPercent: used(status, utilization),
    resetsAt: resetsAt === undefined ? null : new Date(resetsAt * 1_000).toISOString(),
    valueLabel: status ?? null,
    detail: "As Claude last told a run of this server.",
  };
}

function used(status: string | undefined, utilization: number | undefined): number | null {
  if (utilization !== undefined) return Math.min(100, Math.round(utilization * 100));
  return status === "rejected" ? 100 : null;
}

/** `five_hour` → `5h`, `seven_day_opus` → `Opus 7d`. */
function labelOf(limit: string): string {
  const [, span, model = ""] = /^(five_hour|seven_day)(?:_(\w+))?$/.exec(limit) ?? [];
  if (span === undefined) return limit.replaceAll("_", " ");
  const short = span === "five_hour" ? "5h" : "7d";
  return model === "" ? short : `${model.slice(0, 1).toUpperCase()}${model.slice(1)} ${short}`;
}
