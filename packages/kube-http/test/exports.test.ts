import { expect, test } from "vitest";
import * as entry from "../src/index.ts";

test("the entry exports this and nothing else", () => {
  expect(Object.keys(entry).toSorted()).toEqual([
    "KubeHttpError",
    "kubeHttp",
    "realClock",
    "sleep",
    "unlessAborted",
  ]);
});
