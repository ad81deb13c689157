import { expect, test } from "vitest";
import { connect } from "../src/connection.ts";
import { probe } from "../src/probe.ts";
import { after, atTheStart } from "../src/progress.ts";
import { hashOf } from "../src/record.ts";
import { followerOf } from "./support/follower.ts";
import { logOf, recordsOf } from "./support/words.ts";

/** Takes more records of a runtime that cuts lines short, and so leaves room in a tail. */
const long = "long-".repeat(2_000);

/** What a probe tells after `delivered` when the log is `now`. */
async function probed(delivered: string, now: string) {
  const follower = followerOf({
    async open(_target, { follow, tailLines = Infinity }) {
      const words = now.split(" ");
      const tail = words.slice(Math.max(0, words.length - tailLines)).join(" ");
      async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
        if (!follow) yield logOf(tail);
      }
      return { kind: "open", timestamps: true, body: body() };
    },
  });
  follower.progress = after(atTheStart, recordsOf(delivered));
  const followed = await connect(follower, { follow: true, tailLines: undefined });
  if (followed.kind !== "open") throw new Error("the follow was refused");
  try {
    return await probe(follower, followed.connection);
  } finally {
    followed.connection.close();
  }
}

const nextOf = (word: string): string => recordsOf(word).map(hashOf).join("");

test.each<[what: string, delivered: string, now: string, expected: object]>([
  ["ends in the last line", "1a 2b 3c", "1a 2b 3c", { kind: "same" }],
  ["has one line", "1a", "1a", { kind: "same" }],
  ["has a first line and more", "1a", "1a 2b 3c", { kind: "more", next: nextOf("2b") }],
  ["has one more", "1a 2b", "1a 2b 3c", { kind: "more", next: nextOf("3c") }],
  ["has two more", `1${long} 2b`, `1${long} 2b 3c 4d`, { kind: "more", next: nextOf("3c") }],
  ["has more than is asked for", "1a 2b", "1a 2b 3c 4d 5e 6f", { kind: "more" }],
  // A coarse clock was set back: the newest such place is where the stream is.
  ["shows the place twice", `1${long} 2b 1${long} 2b`, `1${long} 2b 1${long} 2b`, { kind: "same" }],
])("a log that %s", async (_what, delivered, now, expected) => {
  expect(await probed(delivered, now)).toEqual(expected);
});
