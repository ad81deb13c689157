import { expect, test } from "vitest";
import { connect } from "../src/connection.ts";
import { live } from "../src/live.ts";
import { after, atTheStart } from "../src/progress.ts";
import { settledLimits } from "../src/settings.ts";
import { followerOf } from "./support/follower.ts";
import { logOf, recordsOf, stepped, textsOf } from "./support/words.ts";

const count = 50;

/** Opens a log of 50 chunks, reads one, and tells how many its connection takes by and by. */
async function takenOf(follow: boolean) {
  const taken = { chunks: 0 };
  async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
    for (; taken.chunks < count; taken.chunks++) yield Buffer.from(`line ${taken.chunks}\n`);
  }
  const source = { open: async () => ({ kind: "open", timestamps: true, body: body() }) as const };
  const follower = followerOf(source, { limits: settledLimits({ spoolAfterMs: 0 }) });
  const opened = await connect(follower, { follow, tailLines: undefined });
  if (opened.kind !== "open") throw new Error("refused");
  await opened.connection.read(1_000);
  return { taken, connection: opened.connection };
}

test("of a follow, what is not read is put aside", async () => {
  const { taken, connection } = await takenOf(true);
  await expect.poll(() => taken.chunks).toBe(count);
  connection.close();
});

test("of a read that can be made again it is not", async () => {
  const { taken, connection } = await takenOf(false);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(taken.chunks).toBeLessThan(2);
  connection.close();
});

async function* likely(): AsyncGenerator<Uint8Array, void, undefined> {
  yield logOf("2b 3c");
  await new Promise(() => {});
}

test("a follow of a whole file that only looks like it holds the last line is left for a read that tells", async () => {
  const source = {
    open: async () => ({ kind: "open", timestamps: true, body: likely() }) as const,
  };
  const follower = followerOf(source, { progress: after(atTheStart, recordsOf("1a 2b")) });
  const opened = await connect(follower, { follow: true, tailLines: undefined });
  if (opened.kind !== "open") throw new Error("refused");
  const { events, result } = await stepped(live(follower, opened.connection, undefined));
  expect(result.how).toBe("missed");
  expect(textsOf(events)).toEqual([]);
  opened.connection.close();
});
