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
      if (recording.end === undefined) return expect(ends).toEqual([]);
      expect(ends).toMatchObject([{ end: recording.end }]);
      expect(events.at(-1)?.type).toBe("end");
      const [last] = ends;
      const facts = last?.type === "end" ? last.end.evidence.map(({ fact }) => fact) : [];
      expect(facts.join("\n")).toMatch(new RegExp(recording.evidence ?? "."));
      return undefined;
    });
  });
});
