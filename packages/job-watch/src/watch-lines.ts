/** One message of a watch, as the API server writes it: a line of JSON. */
type WatchMessage = {
  readonly type: string;
  readonly object: unknown;
};

/**
 * The messages in a watch's bytes, however they are cut. What follows the last newline is no message.
 * @throws SyntaxError for a line that is none
 */
export async function* watchMessages(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<WatchMessage, void, undefined> {
  let rest: Buffer[] = [];
  for await (const chunk of body) {
    let from = 0;
    // Newlines are cut out of bytes, so a character split by the network is whole again.
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
      const line = Buffer.concat([...rest, chunk.subarray(from, at)]).toString("utf8");
      rest = [];
      from = at + 1;
      if (line.trim() !== "") yield parse(line);
    }
    if (from < chunk.length) rest.push(Buffer.from(chunk.subarray(from)));
  }
}

function parse(line: string): WatchMessage {
  const message: unknown = JSON.parse(line);
  if (typeof message !== "object" || message === null || !("type" in message))
    throw new SyntaxError("a line of a watch is no message");
  return { type: String(message.type), object: "object" in message ? message.object : undefined };
}
