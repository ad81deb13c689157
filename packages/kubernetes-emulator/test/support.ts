import type { Emulator } from "../src/index.ts";

export interface Reply {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- documents of every kind
  readonly body: any;
}

export const jobs = "/apis/batch/v1/namespaces/default/jobs";
export const pods = "/api/v1/namespaces/default/pods";
export const secrets = "/api/v1/namespaces/default/secrets";
export const jsonPatch = "application/json-patch+json";
export const mergePatch = "application/merge-patch+json";

/** One request over the wire. */
export async function call(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  contentType = "application/json",
): Promise<Reply> {
  const response = await fetch(emulator.url + path, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { "content-type": contentType } }),
  });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return { status: response.status, body: isJson ? JSON.parse(text) : text };
}

/** A Job with one container `main`. */
export function job(
  name: string,
  container: object = {},
  spec: object = {},
  pod: object = {},
): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      backoffLimit: 0,
      ...spec,
      template: {
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 1,
          containers: [{ name: "main", image: "agent:1", ...container }],
          ...pod,
        },
      },
    },
  };
}

/** The look for a path with which a command of k8s-job-manifest begins. */
export function look(path: string): string {
  return `[ -e '${path}' ] || { printf '%s: %s is not there\\n' "$0" '${path}' >&2; exit 66; }; `;
}

/** Asks until the answer is there, a bounded number of times. */
export async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("it did not come to pass");
}

// oxlint-disable-next-line typescript/no-explicit-any -- documents of every kind
export function podOf(emulator: Emulator, name: string): Promise<any> {
  return until(async () => {
    const { body } = await call(emulator, "GET", `${pods}?labelSelector=job-name%3D${name}`);
    return body.items[0];
  });
}

/** The pod once its main container is in this state. */
// oxlint-disable-next-line typescript/no-explicit-any -- documents of every kind
export function podIn(emulator: Emulator, name: string, state: string): Promise<any> {
  return until(async () => {
    const pod = await podOf(emulator, name);
    return pod.status.containerStatuses?.[0]?.state[state] === undefined ? undefined : pod;
  });
}

// oxlint-disable-next-line typescript/no-explicit-any -- documents of every kind
export function jobWith(emulator: Emulator, name: string, condition: string): Promise<any> {
  return until(async () => {
    const { body } = await call(emulator, "GET", `${jobs}/${name}`);
    const found = body.status?.conditions?.some(
      (one: { type: string; status: string }) => one.type === condition && one.status === "True",
    );
    return found === true ? body : undefined;
  });
}

export function log(
  emulator: Emulator,
  pod: { metadata: { name: string } },
  query = "",
): Promise<Reply> {
  return call(emulator, "GET", `${pods}/${pod.metadata.name}/log?${query}`);
}

/** The events of a watch, until it ends or `enough` says so. */
export async function watched(
  emulator: Emulator,
  path: string,
  enough: (events: readonly WatchEvent[]) => boolean,
): Promise<WatchEvent[]> {
  const controller = new AbortController();
  const response = await fetch(emulator.url + path, { signal: controller.signal });
  const events: WatchEvent[] = [];
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder().decode(chunk);
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    events.push(...lines.map((line): WatchEvent => JSON.parse(line)));
    if (enough(events)) break;
  }
  controller.abort();
  return events;
}

export interface WatchEvent {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- documents of every kind
  readonly object: any;
}
