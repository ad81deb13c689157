import { describe, expect, test } from "vitest";
import { recordings } from "./support/recordings.ts";
import { watchRecording } from "./support/watch-recording.ts";

const all = recordings();

describe("as a real cluster wrote it", () => {
  describe.each(["hub", "poller"] as const)("by the %s", (by) => {
    test.each(all.map((one) => [one.state, one] as const))("%s", async (_state, recording) => {
      const { events, error } = await watchRecording(recording, { by });
      expect(error).toBeUndefined();
      const ends = events.filter(({ type }) => type === "end");
      expect(ends).toMatchObject(recording.end === undefined ? [] : [{ end: recording.end }]);
      const last = events.at(-1);
      const facts = last?.type === "end" ? last.end.evidence.map(({ fact }) => fact) : ["none"];
      expect(facts.join("\n")).toMatch(new RegExp(recording.evidence ?? "."));
    });
  });
});
