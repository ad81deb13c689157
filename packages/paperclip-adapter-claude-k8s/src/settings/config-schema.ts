import type { AdapterConfigSchema, ConfigFieldSchema } from "@paperclipai/adapter-utils";
import { clusterFields } from "./cluster-fields.ts";
import { inheritFields } from "./inherit-fields.ts";
import { runFields } from "./run-fields.ts";
import { workspaceFields } from "./workspace-fields.ts";
import type { Field } from "./types.ts";

const fields: [string, Field<unknown>][] = Object.entries({
  ...runFields,
  ...clusterFields,
  ...inheritFields,
  ...workspaceFields,
});

/** The host's form: one entry for each setting that the host does not ask for itself. */
export function configSchema(): AdapterConfigSchema {
  return {
    fields: fields.flatMap(([key, { form, hint }]): ConfigFieldSchema[] => {
      if (form === undefined) return [];
      const { label, type, options } = form;
      return [
        {
          key,
          label,
          type,
          hint,
          ...(form.default === undefined ? {} : { default: form.default }),
          ...(options === undefined
            ? {}
            : { options: options.map((value) => ({ label: value, value })) }),
        },
      ];
    }),
  };
}

/** What the host serves to people and agents who write an agent's configuration. */
export function configurationDoc(): string {
  const rows = fields.map(
    ([key, { expected, hint, absent, aliases }]) =>
      `- ${[key, ...(aliases ?? [])].join(" or ")} (${expected}${defaultOf(absent)}): ${hint}`,
  );
  return [
    "# claude_k8s agent configuration",
    "",
    "Runs each turn of the agent as a Kubernetes Job with the claude command. Keys of adapterConfig:",
    "",
    ...rows,
    "",
    "The image must contain `sh` and `claude`. Provider keys (ANTHROPIC_API_KEY …) come from `env`, best bound to a",
    "secret of the host, or are inherited from the server's own pod.",
  ].join("\n");
}

function defaultOf(absent: unknown): string {
  return ["string", "number", "boolean"].includes(typeof absent)
    ? `; default ${String(absent)}`
    : "";
}
