import { afterEach, expect, test } from "vitest";

import { startMessagesApi, type MessagesApi } from "../../src/recorder/messages-api.ts";
import type { Reply } from "../../src/recorder/reply.ts";

const opened: MessagesApi[] = [];
afterEach(async () => {
  for (const api of opened.splice(0)) await api.close();
});

const quick = { thinkMs: 0, pieceMs: 0 };
const greeting = "Grüße 👩‍👩‍👧‍👦 ".repeat(40);
const script: readonly Reply[] = [
  {
    kind: "message",
    ...quick,
    blocks: [
      { type: "thinking", text: "hm" },
      { type: "text", text: greeting },
      { type: "tool", name: "Bash", input: { command: "ls" } },
    ],
  },
  { kind: "error", status: 529, type: "overloaded_error", message: "Overloaded" },
];

async function start(): Promise<MessagesApi> {
  const api = await startMessagesApi(script);
  opened.push(api);
  return api;
}

function ask(api: MessagesApi, body: object = { tools: [{ name: "Bash" }] }): Promise<Response> {
  return fetch(`${api.url}/v1/messages?beta=true`, {
    method: "POST",
    body: JSON.stringify({ model: "m", ...body }),
  });
}

interface StreamEvent {
  readonly type: string;
  readonly index?: number;
  readonly delta?: Readonly<Record<string, string>>;
}

async function eventsOf(response: Response): Promise<StreamEvent[]> {
  return (await response.text())
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event): StreamEvent => JSON.parse(event.split("\ndata: ")[1] ?? ""));
}

test("a reply is streamed block by block, and its pieces make the whole", async () => {
  const response = await ask(await start());
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const events = await eventsOf(response);
  const outline = events.filter(({ type }) => type !== "content_block_delta");
  expect(outline.map(({ type, index }) => `${type} ${index ?? ""}`.trim())).toEqual([
    "message_start",
    ...[0, 1, 2].flatMap((index) => [
      `content_block_start ${index}`,
      `content_block_stop ${index}`,
    ]),
    "message_delta",
    "message_stop",
  ]);
  const joined = (field: string): string =>
    events.map(({ delta }) => delta?.[field] ?? "").join("");
  expect(joined("thinking")).toBe("hm");
  expect(joined("text")).toBe(greeting);
  expect(joined("partial_json")).toBe('{"command":"ls"}');
  expect(joined("stop_reason")).toBe("tool_use");
});

test("the script is followed in order, its last reply again and again", async () => {
  const api = await start();
  const statuses: number[] = [];
  for (let asked = 0; asked < 4; asked += 1) {
    const response = await ask(api);
    statuses.push(response.status);
    await response.text();
  }
  expect(statuses).toEqual([200, 529, 529, 529]);
});

test("an error has the API's shape", async () => {
  const api = await start();
  await (await ask(api)).text();
  expect(await (await ask(api)).json()).toEqual({
    type: "error",
    error: { type: "overloaded_error", message: "Overloaded" },
  });
});

test("a request without tools is no turn of the session", async () => {
  const api = await start();
  const events = await eventsOf(await ask(api, {}));
  expect(events.at(-1)?.type).toBe("message_stop");
  expect(api.given).toBe(0);
});

test("other paths are not there", async () => {
  const { url } = await start();
  expect((await fetch(`${url}/v1/models`)).status).toBe(404);
});
