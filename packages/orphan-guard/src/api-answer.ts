import { statusOf } from "./answers.ts";
import type { JobLike } from "./known-job.ts";
import type { Deleted } from "./types.ts";

/**
 * What came of a request of a client-node-shaped object: its body, or the word for a status that is an
 * answer. Every other failure is thrown as it came.
 */
export async function outcome<K extends string>(
  request: Promise<unknown>,
  answers: Readonly<Record<number, K>>,
  also: (error: unknown) => K | undefined = () => undefined,
): Promise<{ readonly kind: "ok"; readonly body: JobLike | undefined } | { readonly kind: K }> {
  try {
    return { kind: "ok", body: jobOf(await request) };
  } catch (error) {
    const status = statusOf(error);
    const kind = (status === undefined ? undefined : answers[status]) ?? also(error);
    if (kind === undefined) throw error;
    return { kind };
  }
}

export async function deleted(request: Promise<unknown>): Promise<Deleted> {
  const answer = await outcome(request, { 404: "not-found", 409: "conflict" });
  return { kind: answer.kind === "ok" ? "accepted" : answer.kind };
}

/**
 * A name that a URL keeps as one: the client puts an empty or dotted one into the path as it is, and DELETE
 * of `…/jobs/` or `…/jobs/.` is taken by the API server for DELETE of all Jobs.
 * @throws TypeError
 */
export function oneName(name: string): string {
  if (!/^\.{0,2}$/u.test(name)) return name;
  throw new TypeError(`a name must be that of one object, not ${JSON.stringify(name)}`);
}

type RequestContext = { setHeaderParam(key: string, value: string): void };

/**
 * Makes client-node send a merge patch; it sends a JSON Patch unless told otherwise. A middleware's `pre`
 * and `post` give back something with `toPromise`, as its own `setHeaderOptions` does.
 */
export const asMergePatch: object = {
  middleware: [
    {
      pre(request: RequestContext) {
        request.setHeaderParam("Content-Type", "application/merge-patch+json");
        return { toPromise: async () => request };
      },
      post: (response: unknown) => ({ toPromise: async () => response }),
    },
  ],
  middlewareMergeStrategy: "append",
};

/** The Jobs of a list. A list without items is no empty list: nobody knows what runs. */
export function itemsOf(answer: unknown): readonly JobLike[] {
  if (isObject(answer) && "items" in answer && Array.isArray(answer.items))
    return answer.items.flatMap((item: unknown) => jobOf(item) ?? []);
  throw new TypeError("the answer to a list of Jobs has no items");
}

/** An API server's object is trusted to have the types its schema says; only its presence is not. */
function jobOf(answer: unknown): JobLike | undefined {
  return isObject(answer) ? answer : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
