import { dnsName, flag, quantity, text, textMap, wholeNumber } from "./values.ts";
import type { Field, FormEntry } from "./types.ts";

/** Makers of the common kinds of setting. */
export function field<T>(
  read: Field<T>["read"],
  absent: T,
  rest: { expected: string; hint: string; aliases?: readonly string[]; form?: FormEntry },
): Field<T> {
  return { read, absent, ...rest };
}

export function textOrNone(label: string, hint: string): Field<string | undefined> {
  return field<string | undefined>(text, undefined, {
    expected: "text",
    hint,
    form: { label, type: "text" },
  });
}

/** The name of an object of the cluster's. `what` as in `a Secret`. */
export function nameOf(what: string, label: string, hint: string): Field<string | undefined> {
  return field<string | undefined>(dnsName, undefined, {
    expected: `${what}'s name`,
    hint,
    form: { label, type: "text" },
  });
}

export function amount(label: string, hint: string): Field<string | undefined> {
  return field<string | undefined>(quantity, undefined, {
    expected: "a Kubernetes quantity such as 500m or 2Gi",
    hint,
    form: { label, type: "text" },
  });
}

/** Seconds. `formDefault` is what new agents get where that is wiser than what absence must mean. */
export function seconds(
  label: string,
  absent: number,
  hint: string,
  formDefault: number = absent,
): Field<number> {
  return field(wholeNumber, absent, {
    expected: "a whole number of seconds, from 0",
    hint,
    form: { label, type: "number", default: formDefault },
  });
}

/** On unless it is switched off. */
export function toggle(label: string, hint: string): Field<boolean> {
  return field(flag, true, {
    expected: "true or false",
    hint,
    form: { label, type: "toggle", default: true },
  });
}

export function mapping(label: string, hint: string): Field<Readonly<Record<string, string>>> {
  return field<Readonly<Record<string, string>>>(
    textMap,
    {},
    {
      expected: "an object of texts, its JSON, or lines of key=value",
      hint,
      form: { label, type: "textarea" },
    },
  );
}
