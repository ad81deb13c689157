import { expect, test } from "vitest";
import { apiCall, callText } from "../../src/proofs/api-call.ts";
import { killPoints, pointText, sample } from "../../src/crash/kill-points.ts";

const jobs = "/apis/batch/v1/namespaces/n/jobs";

test.each([
  ["GET", `${jobs}?labelSelector=x`, "", "list jobs"],
  ["GET", `${jobs}?watch=true`, "", "watch jobs"],
  ["POST", jobs, '{"metadata":{"name":"j"}}', "create jobs"],
  ["GET", "/api/v1/namespaces/n/pods/p/log?follow=true", "", "get pods/log"],
  ["DELETE", `${jobs}/j`, "", "delete jobs"],
  ["GET", "/api/v1/namespaces/n", "", "get namespaces"],
  [
    "PATCH",
    `${jobs}/j`,
    '{"metadata":{"annotations":{"claude-k8s/resumed-at":"t","claude-k8s/supervisor":null}},"spec":{"suspend":false}}',
    "patch jobs (resumed-at, no supervisor, suspend)",
  ],
  ["PATCH", `${jobs}/j`, "[]", "patch jobs"],
])("%s %s is named", (method, url, body, text) => {
  expect(callText(apiCall(method, url, body))).toBe(text);
});

test("a life is killed before and after each call, and inside of the log", () => {
  const points = killPoints(["list jobs", "get pods/log", "list jobs"], 1_000).map(pointText);
  expect(points).toEqual([
    "list jobs, before",
    "list jobs, after",
    "get pods/log, before",
    "get pods/log, after",
    "get pods/log, 20 bytes in",
    "get pods/log, 500 bytes in",
    "get pods/log, 980 bytes in",
    "list jobs #2, before",
    "list jobs #2, after",
  ]);
});

test("what comes again and again is met three times", () => {
  expect(
    killPoints(
      Array.from({ length: 50 }, () => "patch leases"),
      0,
    ),
  ).toHaveLength(6);
});

test("a sample is spread over all, without repeats, and another one for another seed", () => {
  const all = Array.from({ length: 23 }, (_, index) => index);
  for (let seed = 1; seed <= 20; seed += 1) {
    const some = sample(all, 5, seed);
    expect(new Set(some).size).toBe(5);
    expect(some).toEqual(some.toSorted((a, b) => a - b));
  }
  expect(sample(all, 5, 1)).not.toEqual(sample(all, 5, 2));
  expect(sample(all, 40, 1)).toEqual(all);
});
