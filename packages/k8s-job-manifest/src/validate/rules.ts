import { isIP } from "node:net";
import { quantity } from "../quantity.ts";
import { type Rule, text, whole } from "./rule.ts";

const dnsLabelForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const dnsSubdomainForm = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const nameForm = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const envNameForm = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const keyForm = /^[-._a-zA-Z0-9]+$/;

/** What a reference may be by the distribution specification: host, path, tag, digest. */
const imageForm = new RegExp(
  "^(?:(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\\d{1,5})?/)?" +
    "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*)*" +
    "(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-f]{32,})?$",
);

/** The kernel's limit for one string of arguments or environment (MAX_ARG_STRLEN), its NUL included. */
const argumentBytes = 131_072;

export function dnsLabel(max = 63): Rule {
  return text(
    `a DNS label (a-z, 0-9, inner -) of at most ${max} characters`,
    (value) => value.length <= max && dnsLabelForm.test(value),
  );
}

export function dnsSubdomain(max = 253): Rule {
  return text(
    `a DNS name (a-z, 0-9, inner - and .) of at most ${max} characters`,
    (value) => value.length <= max && dnsSubdomainForm.test(value),
  );
}

export const labelKey: Rule = text(
  "a label key: a name of at most 63 characters, with or without a DNS name and / before it",
  (value) => {
    const [name = "", prefix, more] = value.split("/").toReversed();
    const isPrefix =
      prefix === undefined || (prefix.length <= 253 && dnsSubdomainForm.test(prefix));
    return more === undefined && isPrefix && name.length <= 63 && nameForm.test(name);
  },
);

/** Annotation keys are compared in lower case. */
export const annotationKey: Rule = text("a key as labels have it", (value) =>
  labelKey.holds(value.toLowerCase()),
);

export const labelText: Rule = text(
  "empty, or at most 63 of A-Z, a-z, 0-9, -, _ and . that begin and end with a letter or digit",
  (value) => value === "" || (value.length <= 63 && nameForm.test(value)),
);

/** Labels by which the Job controller finds its pods. */
export const notReserved: Rule = text(
  "a key of your own: the Job controller sets this one",
  (value) =>
    value !== "job-name" && value !== "controller-uid" && !value.startsWith("batch.kubernetes.io/"),
);

export const envName: Rule = text(
  "the name of a variable (letters, digits, -, _ and ., no digit first), at most 180 characters",
  (value) => value.length <= 180 && envNameForm.test(value),
);

/** Lone surrogates are no characters; they would arrive as something else. */
export const wellFormed: Rule = text(
  "well-formed text, without half a surrogate pair",
  (value) => !/\p{Surrogate}/u.test(value),
);

/** What can be handed to a process as one argument or variable. */
export const processText: Rule = text(
  `well-formed text without NUL of less than ${argumentBytes} bytes`,
  (value) =>
    !value.includes("\0") && wellFormed.holds(value) && Buffer.byteLength(value) < argumentBytes,
);

export const image: Rule = text(
  "an image reference such as registry.example.com/team/agent:1.2 or …@sha256:…",
  (value) => value.length <= 500 && imageForm.test(value),
);

export const absolutePath: Rule = text(
  "an absolute path below / without : and without empty, . or .. parts",
  (value) =>
    /^(?:\/[^/:\0]+)+$/.test(value) &&
    value.split("/").every((part) => part !== "." && part !== ".."),
);

/** Where the kernel's own file systems are, a container's mounts are refused by the runtime. */
export const mountPath: Rule = text(
  `${absolutePath.says}, not in /proc, /sys or /dev`,
  (value) => absolutePath.holds(value) && !/^\/(?:proc|sys|dev)(?:\/|$)/.test(value),
);

export const relativePath: Rule = text(
  "a relative path without .. parts",
  (value) =>
    value !== "" &&
    !value.startsWith("/") &&
    !value.includes("\0") &&
    !value.split("/").includes(".."),
);

export const amount: Rule = text(
  "a quantity such as 500m, 2, 1.5Gi",
  (value) => quantity(value) !== undefined,
);

export const address: Rule = text(
  "an IP address",
  (value) => isIP(value) !== 0 && !value.includes("%"),
);

export const dataKey: Rule = text(
  "a key (letters, digits, -, _ and .) of at most 253 characters",
  (value) => value.length <= 253 && keyForm.test(value) && value !== "." && !value.startsWith(".."),
);

const largest = 2 ** 31 - 1;

export const count: Rule = whole(0, largest);
export const positive: Rule = whole(1, largest);
