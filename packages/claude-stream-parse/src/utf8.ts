/** The little of `TextDecoder` and `TextEncoder` that is used here: every runtime has them, `lib` es2023 does not. */
type Decoder = new (
  label: "utf-8",
  options: { readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };
type Encoder = new () => { encode(text: string): Uint8Array };

declare const TextDecoder: Decoder;
declare const TextEncoder: Encoder;

/** Decodes whole lines. Malformed bytes become U+FFFD; a byte order mark stays. */
export function utf8Decoder(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}

export function utf8Encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
