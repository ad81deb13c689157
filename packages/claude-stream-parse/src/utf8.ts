/** The little of `TextDecoder` and `TextEncoder` that is used here: every runtime has it, no type library need be. */
type Globals = {
  readonly TextDecoder: new (
    label: "utf-8",
    options: { readonly ignoreBOM: boolean },
  ) => { decode(bytes: Uint8Array): string };
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
};

/** Decodes whole lines. Malformed bytes become U+FFFD; a byte order mark stays. */
export function utf8Decoder(): (bytes: Uint8Array) => string {
  const { TextDecoder } = globalThis as unknown as Globals;
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}

export function utf8Encode(text: string): Uint8Array {
  const { TextEncoder } = globalThis as unknown as Globals;
  return new TextEncoder().encode(text);
}
