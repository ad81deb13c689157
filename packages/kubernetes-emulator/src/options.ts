import { EmulatorError } from "./errors.ts";
import type { EmulatorOptions, Latency, NodeOptions } from "./types.ts";

/** Options with every default filled in. */
export interface Settings {
  readonly tls: boolean;
  readonly port: number;
  readonly nodes: readonly NodeOptions[];
  readonly namespaces: readonly string[];
  readonly seed: number;
  readonly latency: Latency;
  readonly claimFolders: Readonly<Record<string, string>>;
  readonly logMaxBytes: number;
  readonly historyLimit: number;
  readonly bookmarkMs: number;
  readonly watchList: boolean;
  readonly logZoneMinutes: number;
  readonly logClockGrainMs: number;
  readonly logFollowLimitMs: number;
  readonly stuckFollow: boolean;
  readonly watchCacheLagMs: number;
}

const defaultLatency: Latency = {
  schedulingMs: 1,
  pullMs: 2,
  startMs: 2,
  statusMs: 3,
  phaseMs: 2,
  logEndMs: 8,
  jobSyncMs: 12,
  jobConditionMs: 2,
  retryMs: 20,
};

/** Throws `EMULATOR_OPTION_INVALID`, naming the option, what was expected and what came. */
export function readOptions(options: EmulatorOptions): Settings {
  const latency = { ...defaultLatency, ...options.latency };
  for (const [name, value] of Object.entries(latency)) atLeast(`latency.${name}`, value, 0);
  const settings: Settings = {
    tls: options.tls ?? false,
    port: options.port ?? 0,
    nodes: options.nodes ?? [{ name: "emulator-node" }],
    namespaces: [...new Set(["default", "kube-system", ...(options.namespaces ?? [])])],
    seed: options.seed ?? 1,
    latency,
    claimFolders: options.claimFolders ?? {},
    logMaxBytes: options.logMaxBytes ?? 10 * 1024 * 1024,
    historyLimit: options.historyLimit ?? 10_000,
    bookmarkMs: options.bookmarkMs ?? 60_000,
    watchList: options.watchList ?? true,
    logZoneMinutes: zoneMinutes(options.logZone ?? "Z"),
    logClockGrainMs: options.logClockGrainMs ?? 0,
    logFollowLimitMs: options.logFollowLimitMs ?? 4 * 3_600_000,
    stuckFollow: options.quirks?.stuckFollow ?? false,
    watchCacheLagMs: options.quirks?.watchCacheLagMs ?? 0,
  };
  atLeast("port", settings.port, 0);
  atLeast("logMaxBytes", settings.logMaxBytes, 1);
  atLeast("historyLimit", settings.historyLimit, 1);
  atLeast("bookmarkMs", settings.bookmarkMs, 1);
  atLeast("quirks.watchCacheLagMs", settings.watchCacheLagMs, 0);
  atLeast("logClockGrainMs", settings.logClockGrainMs, 0);
  atLeast("logFollowLimitMs", settings.logFollowLimitMs, 1);
  return settings;
}

/** `Z`, `+02:00`. */
function zoneMinutes(zone: string): number {
  if (zone === "Z") return 0;
  const [, sign, hours, minutes] = /^([+-])([01]\d):([0-5]\d)$/.exec(zone) ?? [];
  if (sign === undefined) {
    throw new EmulatorError(
      "EMULATOR_OPTION_INVALID",
      `logZone: expected Z or an offset such as +02:00, got ${zone}`,
    );
  }
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function atLeast(name: string, value: number, least: number): void {
  if (Number.isFinite(value) && value >= least) return;
  throw new EmulatorError(
    "EMULATOR_OPTION_INVALID",
    `${name}: expected a number of at least ${least}, got ${String(value)}`,
  );
}
