import { literally } from "./command.ts";
import { envKey, type Beside } from "./input.ts";
import type { EnvVar } from "./pod-types.ts";
import type { Program } from "./program-types.ts";

type Variables = Pick<Program, "env" | "secretEnv" | "envFrom">;

/** Each name once: secret values win over literal ones, these over references to what exists already. */
export function environment(
  { env = {}, secretEnv = {}, envFrom }: Variables,
  secretOf: (key: string) => string,
  beside?: Beside,
): EnvVar[] {
  const taken = new Set([...Object.keys(env), ...Object.keys(secretEnv)]);
  return [
    ...(envFrom?.vars ?? []).filter(({ name }) => !taken.has(name)),
    ...Object.entries(env)
      .filter(([name]) => !Object.hasOwn(secretEnv, name))
      .map(([name, value]) => ({ name, value: literally(value) })),
    ...Object.keys(secretEnv).map((name) => {
      const key = envKey(name, beside);
      return { name, valueFrom: { secretKeyRef: { name: secretOf(key), key } } };
    }),
  ];
}
