import { isBytes } from "./validate/shape.ts";

/** A file's content, text as UTF-8. As an object: one that can be run, too. */
export type ProgramFile =
  | Uint8Array
  | string
  | { readonly content: Uint8Array | string; readonly executable?: boolean };

export function contentOf(file: ProgramFile): Uint8Array | string {
  return typeof file === "string" || isBytes(file) ? file : file.content;
}

/** Readable by the owner and the volumes' group, writable by nobody. */
export const fileMode = 0o440;

/** The file's permissions, where they are not those that all have. */
export function modeOf(file: ProgramFile): number | undefined {
  const isProgram = typeof file !== "string" && !isBytes(file) && file.executable === true;
  return isProgram ? 0o550 : undefined;
}
