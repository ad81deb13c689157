import { describe, expect, test } from "vitest";
import { parseCommandLine } from "../../src/command/command-line.ts";

test.each<[words: string, expected: object]>([
  ["--help", { kind: "help", about: undefined }],
  ["help", { kind: "help", about: undefined }],
  ["logs --help", { kind: "help", about: "logs" }],
  ["logs -h", { kind: "help", about: "logs" }],
  ["--version", { kind: "version" }],
  ["list", { invocation: { name: "list", run: undefined, options: { json: false } } }],
  ["list -A --json", { invocation: { options: { isEverywhere: true, json: true } } }],
  [
    "logs -f abcd -n agents",
    { invocation: { run: "abcd", options: { follow: true, namespace: "agents" } } },
  ],
  ["stop abcd --timeout=7", { invocation: { run: "abcd", options: { timeoutMs: 7_000 } } }],
  [
    "sweep --unread 2d --running 15m",
    { invocation: { options: { unreadMs: 172_800_000, runningMs: 900_000 } } },
  ],
  [
    "doctor --as system:serviceaccount:a:b",
    { invocation: { options: { as: "system:serviceaccount:a:b" } } },
  ],
])("%s", (words, expected) => {
  expect(parseCommandLine(words.split(" "))).toMatchObject(expected);
});

describe("bad input is named, with what was expected and what came", () => {
  test.each<[words: string, message: string]>([
    ["", "COMMAND: expected one of list, logs, stop, adopt, sweep, doctor; got nothing"],
    ["lst", 'COMMAND: expected one of list, logs, stop, adopt, sweep, doctor; got "lst"'],
    [
      "-n agents list",
      "-n: expected a command before its options, such as list --json; got it first",
    ],
    ["logs", "RUN: expected a run's id, the beginning of one, or its Job's name; got nothing"],
    ["logs a b", 'logs: expected one RUN; got "b"'],
    ["list a", 'list: expected no argument; got "a"'],
    ["list --json=yes", '--json: expected no value; got "yes"'],
    ["list -n", "-n: expected NAME; got nothing"],
    ["list -n -A", '-n: expected NAME; got "-A"'],
    ["list -n A_B", '--namespace: expected a namespace\'s name (a-z, 0-9 and -); got "A_B"'],
    ["list -A -n a", '--all-namespaces: expected no --namespace beside it; got "--namespace a"'],
    [
      "stop a --timeout 0",
      '--timeout: expected a whole number of seconds from 1 to 86400; got "0"',
    ],
    ["sweep --unread 5", '--unread: expected an age such as 90s, 15m, 24h or 2d; got "5"'],
  ])("%s", (words, message) => {
    const args = words === "" ? [] : words.split(" ");
    expect(() => parseCommandLine(args)).toThrow(
      expect.objectContaining({ code: "ADAPTER_COMMAND_LINE", message }),
    );
  });

  test("an option of another command lists its own", () => {
    expect(() => parseCommandLine(["list", "--follow"])).toThrow(
      /^--follow: expected an option of list: --all-namespaces, /,
    );
  });
});
