import { fieldValue } from "./downward.ts";
import type { Container, EnvVar, KeySelector, Pod } from "./kube-object.ts";
import type { Store } from "./store.ts";
import { readData } from "./volumes.ts";

export type ResolvedEnv =
  | { readonly kind: "ok"; readonly env: Record<string, string> }
  | { readonly kind: "config-error"; readonly message: string };

/**
 * A container's environment. What refers to a missing Secret, ConfigMap or key is the kubelet's
 * `CreateContainerConfigError`, in its words.
 */
export function resolveEnv(store: Store, pod: Pod, container: Container): ResolvedEnv {
  const env: Record<string, string> = {};
  for (const source of container.envFrom ?? []) {
    const kind = source.secretRef === undefined ? "configmap" : "secret";
    const reference = source.secretRef ?? source.configMapRef;
    if (reference === undefined) continue;
    const data = readData(store, kind, pod.metadata.namespace, reference.name);
    if (data === undefined && reference.optional !== true) {
      return { kind: "config-error", message: `${kind} "${reference.name}" not found` };
    }
    for (const [key, value] of data ?? []) env[`${source.prefix ?? ""}${key}`] = text(value);
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(store, pod, variable, env);
    if (typeof value === "object") return { kind: "config-error", message: value.problem };
    if (value !== undefined) env[variable.name] = value;
  }
  return { kind: "ok", env };
}

function variableValue(
  store: Store,
  pod: Pod,
  variable: EnvVar,
  before: Readonly<Record<string, string>>,
): string | undefined | { readonly problem: string } {
  const from = variable.valueFrom;
  if (from?.secretKeyRef !== undefined) return keyValue(store, pod, "secret", from.secretKeyRef);
  if (from?.configMapKeyRef !== undefined)
    return keyValue(store, pod, "configmap", from.configMapKeyRef);
  if (from?.fieldRef !== undefined) return fieldValue(pod, from.fieldRef.fieldPath);
  return expandVariables(variable.value ?? "", before);
}

function keyValue(
  store: Store,
  pod: Pod,
  kind: "secret" | "configmap",
  selector: KeySelector,
): string | undefined | { readonly problem: string } {
  const data = readData(store, kind, pod.metadata.namespace, selector.name);
  const value = data?.get(selector.key);
  if (value !== undefined) return text(value);
  if (selector.optional === true) return undefined;
  const full = `${pod.metadata.namespace ?? ""}/${selector.name}`;
  return {
    problem:
      data === undefined
        ? `${kind} "${selector.name}" not found`
        : `couldn't find key ${selector.key} in ${kind === "secret" ? "Secret" : "ConfigMap"} ${full}`,
  };
}

/**
 * `$(NAME)` with what is known, `$$(NAME)` as the literal `$(NAME)`, unknown names untouched
 * ("Define Dependent Environment Variables").
 */
export function expandVariables(text: string, known: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (found, name: string | undefined) => {
    if (name === undefined) return "$";
    return Object.hasOwn(known, name) ? (known[name] ?? found) : found;
  });
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
