/** Readers of single values. Each answers `undefined` for "not what was asked for"; none of them throws. */
type Read<T> = (value: unknown) => T | undefined;

export const text: Read<string> = (value) =>
  typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;

/** Text kept as it is: a template's spaces and line ends are its author's. */
export const template: Read<string> = (value) => (typeof value === "string" ? value : undefined);

export const flag: Read<boolean> = (value) => {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : undefined;
};

/** A whole number from 0. The host's form may hand numbers over as text. */
export const wholeNumber: Read<number> = (value) => {
  const number = typeof value === "string" && /^\d+$/.test(value.trim()) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0
    ? number
    : undefined;
};

export function oneOf<T extends string>(...words: readonly T[]): Read<T> {
  return (value) => words.find((word) => word === value);
}

/** An address without a slash at its end, a query or a login. */
export const httpUrl: Read<string> = (value) => {
  const given = text(value);
  const url = given === undefined || !URL.canParse(given) ? undefined : new URL(given);
  const isPlain =
    url !== undefined && /^https?:$/.test(url.protocol) && url.search + url.hash === "";
  return isPlain && url.username + url.password === ""
    ? `${url.origin}${url.pathname.replace(/\/+$/, "")}`
    : undefined;
};

/** A namespace's name: an RFC 1123 label. */
export const dnsLabel: Read<string> = (value) => {
  const label = text(value);
  return label !== undefined && label.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(label)
    ? label
    : undefined;
};

/** A name such as a service account's: RFC 1123 labels joined by dots. */
export const dnsName: Read<string> = (value) => {
  const name = text(value);
  return name !== undefined && name.length <= 253 && name.split(".").every((part) => dnsLabel(part))
    ? name
    : undefined;
};

/** Names as above: a list, or one text with spaces or commas between them. */
export const dnsNames: Read<string[]> = (value) => {
  const given = typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value;
  if (!Array.isArray(given)) return undefined;
  const names = given.map((item) => dnsName(item));
  return names.every((name) => name !== undefined) ? names : undefined;
};

/** A Kubernetes quantity such as `500m`, `2Gi` or `1.5`. */
export const quantity: Read<string> = (value) => {
  const amount = typeof value === "number" ? String(value) : text(value);
  return amount !== undefined && /^\d+(\.\d+)?([eE][-+]?\d+|[numkMGTPE]|[KMGTPE]i)?$/.test(amount)
    ? amount
    : undefined;
};

/** Arguments as a list, or as text: shell-like words, where quotes keep spaces together. */
export const words: Read<string[]> = (value) => {
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string") ? value : undefined;
  if (typeof value !== "string") return undefined;
  const found = value.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  return found.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
};

/** Names to texts: an object, its JSON text, or lines `key=value` where `#` begins a comment. */
export const textMap: Read<Record<string, string>> = (value) => {
  if (typeof value === "string") {
    const trimmed = value.trim();
    return trimmed.startsWith("{") ? textMap(json(trimmed)) : fromLines(trimmed);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const entries = Object.entries(value).map(([key, item]) => [key, scalar(item)] as const);
  return entries.every((entry): entry is readonly [string, string] => entry[1] !== undefined)
    ? Object.fromEntries(entries)
    : undefined;
};

/** A list of objects, or its JSON text. */
export const objectList: Read<Record<string, unknown>[]> = (value) => {
  const list = typeof value === "string" ? json(value) : value;
  return Array.isArray(list) && list.every(isObject) ? list : undefined;
};

/** An object, or its JSON text. */
export const objectOrJson: Read<Record<string, unknown>> = (value) => {
  const found = typeof value === "string" ? json(value) : value;
  return isObject(found) ? found : undefined;
};

function fromLines(lines: string): Record<string, string> | undefined {
  const entries = lines
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line) => /^([^=\s]+)\s*=\s*(.*)$/.exec(line));
  return entries.every((entry) => entry !== null)
    ? Object.fromEntries(entries.map((entry) => [entry[1] ?? "", entry[2] ?? ""]))
    : undefined;
}

function json(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch {
    return undefined; // Not JSON: the caller says what was expected instead.
  }
}

function scalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
