import { fieldsOf } from "../untyped.ts";

/**
 * True for an error by which any version of client-node says "not found".
 *
 * 0.x has `response.statusCode`, 1.x and 2.x have `code` and the message `HTTP-Code: 404`.
 */
export function isK8s404(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, statusCode, response } = fieldsOf(error);
  const answer = fieldsOf(response);
  return (
    [code, statusCode, answer["status"], answer["statusCode"]].includes(404) ||
    /HTTP-Code: 404\b/.test(error.message)
  );
}
