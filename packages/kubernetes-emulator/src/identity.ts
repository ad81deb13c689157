import { createRandom } from "./random.ts";

/** Uids and name suffixes from a seed, so that a run can be repeated. */
export interface Identity {
  uid(): string;
  /** Kubernetes' five characters after a generateName. */
  suffix(): string;
  /** Lower-case hexadecimal digits. */
  hex(length: number): string;
}

/** Kubernetes leaves out vowels and look-alikes (apimachinery's `util/rand`). */
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

export function createIdentity(seed: number): Identity {
  const random = createRandom(seed);
  const pick = (characters: string): string =>
    characters.charAt(Math.floor(random() * characters.length));
  const repeat = (length: number, characters: string): string =>
    Array.from({ length }, () => pick(characters)).join("");
  const hex = (length: number): string => repeat(length, "0123456789abcdef");
  return {
    uid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick("89ab")}${hex(3)}-${hex(12)}`,
    suffix: () => repeat(5, alphabet),
    hex,
  };
}
