import { fieldsOf } from "./untyped.ts";

/** What the system calls an error, such as `ENOENT`; empty for any other. */
export function errorCode(error: unknown): string {
  const { code } = fieldsOf(error);
  return typeof code === "string" ? code : "";
}

/** One of these codes, when the work failed with it, for that is an answer; any other failure is thrown. */
export async function unless(
  codes: readonly string[],
  work: Promise<unknown>,
): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    const code = errorCode(error);
    if (!codes.includes(code)) throw error;
    return code;
  }
}
