// Serves watches over made-up Jobs and their pods; on a message it changes every pod so many times, then ends it.
import { createServer, type ServerResponse } from "node:http";
import { recordings } from "../../test/support/recordings.ts";

const jobs = Number(process.argv[2]);
const recording = recordings().find(({ state }) => state === "success");
const of = (resource: "jobs" | "pods") =>
  (recording?.messages ?? [])
    .filter((one) => one.resource === resource)
    .map(({ object }) => object);
const statusOf = (wanted: "running" | "terminated"): string | undefined =>
  of("pods")
    .map((object) => JSON.stringify(object))
    .find((text) => text.includes(`"state":{"${wanted}"`));
const texts = {
  job: JSON.stringify(of("jobs").find((one) => JSON.stringify(one).includes('"active"'))),
  running: statusOf("running") ?? "",
  ended: statusOf("terminated") ?? "",
};
const uid = recording?.uid ?? "";
const podUid = of("pods")[0]?.metadata.uid ?? "";

let version = 10;

/** The recorded object as that of the nth Job. */
function renamed(text: string, nth: number): string {
  version += 1;
  return text
    .replaceAll(uid, `uid-${nth}`)
    .replaceAll(podUid, `pod-${nth}`)
    .replaceAll(/"run(?=["-])/g, `"run-${nth}`)
    .replace(/"resourceVersion":"\d+"/, `"resourceVersion":"${version}"`);
}

const message = (type: string, text: string): string => `{"type":"${type}","object":${text}}\n`;
const synced = JSON.stringify({
  metadata: { resourceVersion: "9", annotations: { "k8s.io/initial-events-end": "true" } },
});

const podWatches = new Set<ServerResponse>();
const server = createServer((request, answer) => {
  const isPods = request.url?.includes("/pods") === true;
  answer.writeHead(200);
  const text = isPods ? texts.running : texts.job;
  for (let nth = 0; nth < jobs; nth++) answer.write(message("ADDED", renamed(text, nth)));
  answer.write(message("BOOKMARK", synced));
  if (!isPods) return;
  podWatches.add(answer);
  answer.on("close", () => podWatches.delete(answer));
});

/** Waits for a slow reader, as an API server does not: what is measured is the reader. */
async function push(rounds: number): Promise<void> {
  for (const answer of podWatches) {
    const send = async (text: string): Promise<void> => {
      if (answer.write(text)) return;
      await new Promise((resolve) => answer.once("drain", resolve));
    };
    for (let round = 0; round < rounds; round++)
      for (let nth = 0; nth < jobs; nth++)
        await send(message("MODIFIED", renamed(texts.running, nth)));
    for (let nth = 0; nth < jobs; nth++) await send(message("MODIFIED", renamed(texts.ended, nth)));
  }
}

process.on("message", (rounds: number) => void push(rounds));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object") process.send?.(address?.port);
});
