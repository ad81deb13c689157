import { literally } from "./command.ts";
import type { EnvFromSource, EnvVar } from "./manifest-types.ts";
import type { Program } from "./types.ts";

/** The Secret key of a variable. Every name that Kubernetes allows for one is allowed for the other. */
export function secretEnvKey(name: string): string {
  return `env.${name}`;
}

/** Each name once: secret values win over literal ones, these over references to what exists already. */
export function environment(program: Program, secretOf: (key: string) => string): EnvVar[] {
  const { env = {}, secretEnv = {}, envFrom } = program;
  const taken = new Set([...Object.keys(env), ...Object.keys(secretEnv)]);
  return [
    ...(envFrom?.vars ?? []).filter(({ name }) => !taken.has(name)),
    ...Object.entries(env)
      .filter(([name]) => !Object.hasOwn(secretEnv, name))
      .map(([name, value]) => ({ name, value: literally(value) })),
    ...Object.keys(secretEnv).map((name) => {
      const key = secretEnvKey(name);
      return { name, valueFrom: { secretKeyRef: { name: secretOf(key), key } } };
    }),
  ];
}

export function environmentSources(program: Program): EnvFromSource[] {
  return [...(program.envFrom?.sources ?? [])];
}
