import { expect, test } from "vitest";
import { imageGraceMs } from "../src/image-problem.ts";
import type { RawPod } from "../src/kube-objects.ts";
import { policyFrom } from "../src/policy.ts";
import { recordings } from "./support/recordings.ts";

/** What a kubelet said of an image, in a recorded state. */
function wordsOf(state: string): readonly string[] {
  const recording = recordings().find((one) => one.state === state);
  const words = (recording?.messages ?? []).flatMap(({ resource, object }) => {
    if (resource !== "pods") return [];
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a pod as the cluster wrote it
    const { status } = object as RawPod;
    return (status?.containerStatuses ?? []).flatMap((one) => one.state?.waiting?.message ?? []);
  });
  return [...new Set(words)];
}

test.each([
  ["image-absent", 10_000],
  ["image-denied", 10_000],
  ["image-throttled", 60_000],
  ["image-unreachable", 60_000],
])("%s, in the runtime's own words, may last %i ms", (state, graceMs) => {
  const words = wordsOf(state);
  expect(words.length).toBeGreaterThanOrEqual(1);
  expect(words.map((one) => imageGraceMs(one, policyFrom()))).toEqual(words.map(() => graceMs));
});
