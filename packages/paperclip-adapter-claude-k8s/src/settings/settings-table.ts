import { clusterFields } from "./cluster-fields.ts";
import { inheritFields } from "./inherit-fields.ts";
import { runFields } from "./run-fields.ts";
import { workspaceFields } from "./workspace-fields.ts";
import type { Field } from "./types.ts";

/** Every setting as a row of a Markdown table: keys, what is expected, the default, what it is for. */
export function settingsTable(): string {
  const fields = Object.entries<Field<unknown>>({
    ...runFields,
    ...clusterFields,
    ...inheritFields,
    ...workspaceFields,
  });
  const rows = fields.map(([key, field]) => {
    const keys = [key, ...(field.aliases ?? [])].map((name) => `\`${name}\``).join(", ");
    return `| ${[keys, field.expected, defaults(field), field.hint].map(cell).join(" | ")} |`;
  });
  return ["| key | must be | default |  |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** What absence means, and what the form gives new agents where that is something else. */
function defaults({ absent, form }: Field<unknown>): string {
  const plain = isPlain(absent) ? String(absent) : "–";
  const offered = form?.default;
  return offered === undefined || offered === absent ? plain : `${plain}; new agents ${offered}`;
}

function isPlain(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

/** A pipe would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
