import { fieldsOf } from "../untyped.ts";
import { droppedWarnings, isDropped } from "./dropped-settings.ts";
import { clusterFields } from "./cluster-fields.ts";
import { inheritFields } from "./inherit-fields.ts";
import { runFields } from "./run-fields.ts";
import { workspaceFields } from "./workspace-fields.ts";
import type { Field, Settings } from "./types.ts";

const fields = { ...clusterFields, ...inheritFields, ...runFields, ...workspaceFields };

/** What `parseSettings` found. */
export interface ParsedSettings {
  readonly settings: Settings;
  /** What must be mended before a run can start; empty when nothing must. Each names key, rule and value. */
  readonly problems: string[];
  /** What works, but not as its author may think. */
  readonly warnings: string[];
}

/** Keys that the host puts into every agent's configuration, for itself or for other adapters. */
const hostKeys: ReadonlySet<string> = new Set([
  "agentCommand",
  "args",
  "chrome",
  "command",
  "cwd",
  "engine",
  "instructionsBundleMode",
  "instructionsEntryFile",
  "instructionsRootPath",
  "resources",
  "workspaceRuntime",
  "workspaceStrategy",
]);

/**
 * Reads the host's untyped configuration. The only place that looks at it.
 *
 * A key that is absent, `null` or `""` has its default. Every problem is named, not only the first.
 */
export function parseSettings(config: Readonly<Record<string, unknown>>): ParsedSettings {
  const flat = { ...nestedResources(config["resources"]), ...config };
  const problems: string[] = [];
  const entries = Object.entries<Field<unknown>>(fields).map(([key, field]) => {
    const value = [key, ...(field.aliases ?? [])].map((name) => flat[name]).find(isPresent);
    if (value === undefined) return [key, field.absent] as const;
    const parsed = field.read(value);
    if (parsed === undefined)
      problems.push(`${key} must be ${field.expected}, not ${shown(value)}`);
    return [key, parsed ?? field.absent] as const;
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entries lose their keys' types
  const read = Object.fromEntries(entries) as unknown as Settings;
  // A stored 0 comes from a form that knew no default; a Job that vanishes as it ends helps nobody.
  const noTtl = read.ttlSecondsAfterFinished === 0;
  const settings = noTtl
    ? { ...read, ttlSecondsAfterFinished: fields.ttlSecondsAfterFinished.absent }
    : read;
  const warnings = [
    ...droppedWarnings(config),
    ...unknownKeys(config),
    ...(noTtl ? [ttlWarning] : []),
  ];
  return { settings, problems, warnings };
}

const ttlWarning = `ttlSecondsAfterFinished is 0 and was read as the default, ${fields.ttlSecondsAfterFinished.absent}`;

function unknownKeys(config: Readonly<Record<string, unknown>>): string[] {
  const known = new Set([
    ...Object.keys(fields),
    ...Object.values<Field<unknown>>(fields).flatMap((field) => field.aliases ?? []),
  ]);
  const unknown = Object.keys(config).filter(
    (key) =>
      !known.has(key) && !hostKeys.has(key) && !isDropped(key) && !key.startsWith("paperclip"),
  );
  return unknown.length === 0
    ? []
    : [`these settings are not known and were ignored: ${unknown.join(", ")}`];
}

/** The host's form stores `resources.limits.cpu` flat; people who write JSON nest it. Both are read. */
function nestedResources(value: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value)).flatMap(([kind, amounts]) =>
      Object.entries(fieldsOf(amounts)).map(([name, amount]) => [
        `resources.${kind}.${name}`,
        amount,
      ]),
    ),
  );
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 80 ? text : `${text.slice(0, 77)}…`;
}
