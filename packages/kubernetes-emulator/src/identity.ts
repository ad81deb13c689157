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
  const random = mulberry32(seed);
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

/** A small seeded generator: uniform enough for names, and the same on every platform. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
